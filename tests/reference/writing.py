"""What the scripts of this folder share: how numbers are drawn, and how a case is written."""
import os

import torch
from torch import nn

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
FOLDER = os.path.dirname(os.path.abspath(__file__))


GROUPS = []


def group(function):
    """Marks a function that writes a group of files."""
    GROUPS.append(function)
    return function


def write(name, arrays):
    with open(os.path.join(FOLDER, name + ".txt"), "w") as file:
        for key, value in arrays.items():
            value = torch.as_tensor(value).detach()
            numbers = value.contiguous().reshape(-1).tolist()
            file.write(" ".join([key, *map(str, value.shape), ":"]
                                + ["%.17g" % number for number in numbers]) + "\n")


def draw(*shape, scale=1.0):
    return (scale * torch.randn(shape)).float().double()


def leaf(*shape, scale=1.0):
    return draw(*shape, scale=scale).requires_grad_()


def redraw(module):
    """Weights that no default starts from, so that nothing is left out unnoticed."""
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(draw(*parameter.shape, scale=0.5))
    return module


def plain(module):
    return {name: (p, slice(None)) for name, p in module.named_parameters()}


def record(name, parameters, inputs, outputs, options=None):
    """Writes one case: values, and the gradients of L = sum(upstream * output)."""
    arrays = {"option/" + key: value for key, value in (options or {}).items()}
    arrays.update({"input/" + key: value for key, value in inputs.items()})
    arrays.update({"parameter/" + key: p[rows] for key, (p, rows) in parameters.items()})
    loss = 0
    for key, value in outputs.items():
        upstream = draw(*value.shape)
        arrays["output/" + key] = value
        arrays["upstream/" + key] = upstream
        loss = loss + (value * upstream).sum()
    loss.backward()
    arrays.update({"gradient/" + key: x.grad for key, x in inputs.items()})
    arrays.update({"gradient/" + key: p.grad[rows] for key, (p, rows) in parameters.items()})
    write(name, arrays)
