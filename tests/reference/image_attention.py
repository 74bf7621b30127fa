"""Attention over images: gates for channels and places, non-local blocks. Plain functions of the
papers' formulas, on PyTorch's layout [B, C, Y, X]."""
import torch
from torch.nn.functional import conv2d

from writing import group, leaf, record


def whole(parameters):
    return {key: (p, slice(None)) for key, p in parameters.items()}


def excitation_weights(path, channels, waist):
    shapes = {"reduce.weight": (waist, channels), "reduce.bias": (waist,),
              "increase.weight": (channels, waist), "increase.bias": (channels,)}
    return {path + key: leaf(*shape, scale=0.5) for key, shape in shapes.items()}


def excited(d, p, path):
    waist = torch.relu(d @ p[path + "reduce.weight"].T + p[path + "reduce.bias"])
    return waist @ p[path + "increase.weight"].T + p[path + "increase.bias"]


def channel_gate(x, p, path):
    return torch.sigmoid(excited(x.mean((2, 3)), p, path) + excited(x.amax((2, 3)), p, path))


def spatial_gate(x, weight):
    read = torch.stack([x.mean(1), x.amax(1)], 1)
    return torch.sigmoid(conv2d(read, weight, padding=weight.shape[-1] // 2))[:, 0]


@group
def squeeze_excitation():
    x, p = leaf(2, 6, 2, 3), excitation_weights("excitation.", 6, 3)
    gate = torch.sigmoid(excited(x.mean((2, 3)), p, "excitation."))
    record("squeeze_excitation", whole(p), {"x": x},
           {"y": x * gate[:, :, None, None], "gate": gate})


@group
def channel_attention():
    x, p = leaf(2, 5, 2, 3), excitation_weights("excitation.", 5, 2)
    gate = channel_gate(x, p, "excitation.")
    record("channel_attention", whole(p), {"x": x},
           {"y": x * gate[:, :, None, None], "gate": gate})


@group
def spatial_attention():
    x, p = leaf(2, 3, 3, 4), {"look.weight": leaf(1, 2, 3, 3, scale=0.5)}
    gate = spatial_gate(x, p["look.weight"])
    record("spatial_attention", whole(p), {"x": x}, {"y": x * gate[:, None], "gate": gate})


@group
def cbam():
    x, path = leaf(2, 4, 3, 2), "channel.excitation."
    p = {**excitation_weights(path, 4, 2), "spatial.look.weight": leaf(1, 2, 5, 5, scale=0.5)}
    channels = channel_gate(x, p, path)
    refined = x * channels[:, :, None, None]
    places = spatial_gate(refined, p["spatial.look.weight"])
    record("cbam", whole(p), {"x": x},
           {"y": refined * places[:, None], "channels": channels, "places": places})


@group
def non_local():
    channels, half = 5, 2
    x = leaf(2, channels, 2, 3)
    shapes = {"weight": (channels, half), "bias": (channels,)}
    for part in ("query", "key", "value"):
        shapes.update({f"attention.{part}.weight": (half, channels),
                       f"attention.{part}.bias": (half,)})
    p = {key: leaf(*shape, scale=0.5) for key, shape in shapes.items()}
    q, k, v = (conv2d(x, p[f"attention.{part}.weight"][:, :, None, None],
                      p[f"attention.{part}.bias"]).flatten(2) for part in ("query", "key", "value"))
    shares = torch.softmax(torch.einsum("bdi,bdj->bij", q, k), -1)
    mixed = torch.einsum("bij,bdj->bdi", shares, v).reshape(2, half, 2, 3)
    z = x + conv2d(mixed, p["weight"][:, :, None, None], p["bias"])
    record("non_local", whole(p), {"x": x}, {"z": z, "weights": shares})
