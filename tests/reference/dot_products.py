"""Attention as a formula, softmax(q k^T / sqrt(D)) v, over more keys than a library keeps weights of
by the way."""
import math

import torch

from writing import group, leaf, record


@group
def scaled_dot_products():
    allowed = torch.tensor([[key % 3 != 0 for key in range(66)], [key > 62 for key in range(66)]])
    q, k, v = leaf(2, 2), leaf(66, 2), leaf(66, 2)
    scores = q @ k.transpose(-2, -1) / math.sqrt(2)
    context = torch.softmax(scores.masked_fill(~allowed, -math.inf), -1) @ v
    record("scaled_dot_product", {}, {"q": q, "k": k, "v": v}, {"context": context},
           {"mask": allowed.double()})
