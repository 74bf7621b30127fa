#!/usr/bin/python3
"""Writes the results of PyTorch that the tests compare Rapt with: tests/reference/*.txt.

Run it with PyTorch 1.13 (Debian: apt install python3-torch); the tests themselves need only
the files. Everything is computed in float64. Inputs and weights are rounded to float32 first,
so that both builds of Rapt start from the same numbers.

One line holds one array, its name, its extents and its numbers row by row:
    parameter/weight 2 3 : 0.5 -0.25 0.125 1 2 3
Names: input/, parameter/ (as Rapt names it), output/, upstream/ (dL/d output), gradient/
(dL/d input or parameter), option/ (numbers, ids, lengths).
"""
import sys

sys.dont_write_bytecode = True

import torch
from torch import nn

import dot_products  # noqa: registers its groups
import image_attention  # noqa: registers its groups
import images  # noqa: registers its groups
import sequences  # noqa: registers its groups
from writing import GROUPS, draw, group, leaf, plain, record, redraw, write


def attention_names(module, path=""):
    """PyTorch stacks the query, key and value weights; Rapt keeps three layers."""
    dim, names = module.embed_dim, {}
    for i, part in enumerate(("query", "key", "value")):
        rows = slice(i * dim, (i + 1) * dim)
        names[path + part + ".weight"] = (module.in_proj_weight, rows)
        names[path + part + ".bias"] = (module.in_proj_bias, rows)
    names[path + "output.weight"] = (module.out_proj.weight, slice(None))
    names[path + "output.bias"] = (module.out_proj.bias, slice(None))
    return names


@group
def layers():
    x = leaf(2, 3, 4)
    linear = redraw(nn.Linear(4, 5))
    record("linear", plain(linear), {"x": x}, {"y": linear(x)})

    table = redraw(nn.Embedding(6, 3))
    ids = torch.tensor([[0, 5, 2, 2], [3, 2, 0, 4]])
    record("embedding", plain(table), {}, {"y": table(ids)}, {"ids": ids})

    x = leaf(2, 3, 7)
    norm = redraw(nn.LayerNorm(7))
    record("layer_norm", plain(norm), {"x": x}, {"y": norm(x)})


@group
def losses():
    targets = torch.tensor([[1, -1, 4], [0, 3, -1]])
    whole = torch.tensor([[1, 2, 4], [0, 3, 2]])
    for name, ids, smoothing in (("plain", whole, 0.0), ("ignored", targets, 0.0),
                                 ("smoothed", whole, 0.1), ("both", targets, 0.3)):
        x = leaf(2, 3, 5, scale=2)
        loss = nn.functional.cross_entropy(x.reshape(-1, 5), ids.reshape(-1), ignore_index=-1,
                                           label_smoothing=smoothing)
        record("cross_entropy_" + name, {}, {"x": x}, {"y": loss},
               {"targets": ids, "smoothing": smoothing})
    x, y = leaf(2, 3, 4), leaf(2, 3, 4)
    record("mean_squared_error", {}, {"x": x, "target": y}, {"y": nn.functional.mse_loss(x, y)})


@group
def functions():
    for name, function in (("gelu", nn.functional.gelu),
                           ("softmax", lambda x: torch.softmax(x, 1)),
                           ("log_softmax", lambda x: torch.log_softmax(x, 1)),
                           ("logsumexp", lambda x: torch.logsumexp(x, 1))):
        x = leaf(2, 5, 3, scale=3)
        record(name, {}, {"x": x}, {"y": function(x)})


@group
def attention():
    dim, time, source_time = 6, 4, 5
    causal = torch.ones(time, time).tril()
    lengths = torch.tensor([4, 2])
    padding = (torch.arange(time) < lengths[:, None]).double()[:, None, :]
    everything = torch.ones(1, time, time)
    for name, allowed in (("self", everything), ("causal", causal[None]), ("padding", padding),
                          ("causal_padding", causal[None] * padding)):
        x = leaf(2, time, dim)
        layer = redraw(nn.MultiheadAttention(dim, 2, batch_first=True))
        blocked = allowed.expand(2, time, time).repeat_interleave(2, 0) == 0  # true = may NOT
        context, weights = layer(x, x, x, attn_mask=blocked, average_attn_weights=False)
        record("attention_" + name, attention_names(layer), {"x": x},
               {"context": context, "weights": weights}, {"mask": allowed})

    target, source = leaf(2, 3, dim), leaf(2, source_time, dim)
    layer = redraw(nn.MultiheadAttention(dim, 3, batch_first=True))
    context, weights = layer(target, source, source, average_attn_weights=False)
    record("attention_cross", attention_names(layer), {"target": target, "source": source},
           {"context": context, "weights": weights})

    for norm, activation, allowed in (("post", "relu", everything), ("post", "gelu", padding),
                                      ("pre", "relu", causal[None]),
                                      ("pre", "gelu", causal[None] * padding)):
        x = leaf(2, time, dim)
        layer = redraw(nn.TransformerEncoderLayer(dim, 2, 8, dropout=0, activation=activation,
                                                  batch_first=True, norm_first=norm == "pre"))
        blocked = allowed.expand(2, time, time).repeat_interleave(2, 0) == 0
        parameters = attention_names(layer.self_attn, "self_attn.")
        parameters.update({key: p for key, p in plain(layer).items() if "self_attn" not in key})
        record(f"encoder_layer_{norm}_{activation}", parameters, {"x": x},
               {"y": layer(x, src_mask=blocked)}, {"mask": allowed})


def decoder_names(layer, path=""):
    names = attention_names(layer.self_attn, path + "self_attn.")
    names.update(attention_names(layer.multihead_attn, path + "cross_attn."))
    names.update({path + key: p for key, p in plain(layer).items() if "attn" not in key})
    return names


@group
def decoder():
    dim, time, source_time = 6, 3, 4
    causal = torch.ones(time, time).tril()[None]
    lengths = torch.tensor([4, 2])
    padding = (torch.arange(source_time) < lengths[:, None]).double()[:, None, :]

    def blocked(allowed, *shape):
        return allowed.expand(2, *shape).repeat_interleave(2, 0) == 0  # true = may NOT

    for norm, activation in (("post", "relu"), ("pre", "gelu")):
        x, source = leaf(2, time, dim), leaf(2, source_time, dim)
        layer = redraw(nn.TransformerDecoderLayer(dim, 2, 5, dropout=0, activation=activation,
                                                  batch_first=True, norm_first=norm == "pre"))
        y = layer(x, source, tgt_mask=blocked(causal, time, time),
                  memory_mask=blocked(padding, time, source_time))
        record(f"decoder_layer_{norm}_{activation}", decoder_names(layer),
               {"x": x, "source": source}, {"y": y}, {"mask": causal, "source_mask": padding})

    source, target = leaf(2, source_time, dim), leaf(2, time, dim)
    both = redraw(nn.Transformer(dim, 2, 1, 1, 5, dropout=0, batch_first=True, norm_first=True))
    y = both(source, target, src_mask=blocked(padding, source_time, source_time),
             tgt_mask=blocked(causal, time, time),
             memory_mask=blocked(padding, time, source_time))
    names, layer = {}, both.encoder.layers[0]
    names.update(attention_names(layer.self_attn, "encoder.layers.0.self_attn."))
    names.update({key: p for key, p in plain(both).items() if "attn" not in key})
    names.update(decoder_names(both.decoder.layers[0], "decoder.layers.0."))
    record("encoder_decoder", names, {"source": source, "target": target}, {"y": y},
           {"source_mask": padding})


@group
def optimizers():
    steps = 10
    cases = {
        "sgd": (torch.optim.SGD, dict(lr=0.1)),
        "sgd_momentum": (torch.optim.SGD, dict(lr=0.1, momentum=0.9)),
        "sgd_decay": (torch.optim.SGD, dict(lr=0.1, momentum=0.5, weight_decay=0.1)),
        "adam": (torch.optim.Adam, dict(lr=0.05)),
        "adam_decay": (torch.optim.Adam, dict(lr=0.05, betas=(0.8, 0.95), weight_decay=0.1)),
        "adamw": (torch.optim.AdamW, dict(lr=0.05, weight_decay=0.1)),
    }
    for name, (optimizer_class, options) in cases.items():
        x, y = draw(5, 3), draw(5, 2)
        layer = redraw(nn.Linear(3, 2))
        start = {key: p.detach().clone() for key, p in layer.named_parameters()}
        optimizer = optimizer_class(layer.parameters(), **options)
        path = {key: [] for key in start}
        for _ in range(steps):
            optimizer.zero_grad()
            nn.functional.mse_loss(layer(x), y).backward()
            optimizer.step()
            for key, p in layer.named_parameters():
                path[key].append(p.detach().clone())
        arrays = {"option/learning_rate": options["lr"],
                  "option/momentum": options.get("momentum", 0.0),
                  "option/weight_decay": options.get("weight_decay", 0.0),
                  "option/betas": options.get("betas", (0.9, 0.999)),
                  "input/x": x, "input/target": y}
        arrays.update({"parameter/" + key: p for key, p in start.items()})
        arrays.update({"path/" + key: torch.stack(p) for key, p in path.items()})
        write("optimizer_" + name, arrays)


@group
def clipping():
    largest = 0.5
    gradients = {"a": draw(2, 3), "b": draw(4)}
    parameters = [nn.Parameter(torch.zeros_like(g)) for g in gradients.values()]
    for p, g in zip(parameters, gradients.values()):
        p.grad = g.clone()
    norm = nn.utils.clip_grad_norm_(parameters, largest)
    exact = (norm + 1e-6) / norm  # PyTorch divides by norm + 1e-6, Rapt by the norm
    arrays = {"option/largest": largest, "output/norm": norm}
    arrays.update({"input/" + key: g for key, g in gradients.items()})
    arrays.update({"output/" + key: p.grad * exact for key, p in zip(gradients, parameters)})
    write("clipping", arrays)


if __name__ == "__main__":
    for group in GROUPS:
        torch.manual_seed(2024)  # each group by itself: a new case leaves the other files alone
        group()
