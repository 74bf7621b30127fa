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
import os

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

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


def recurrent_names(module, path=""):
    """weight_ih_l0_reverse is layers.0.backward.weight_ih."""
    names = {}
    for key, p in plain(module).items():
        kind, number = key.replace("_reverse", "").split("_l")
        direction = "backward" if "_reverse" in key else "forward"
        names[f"{path}layers.{number}.{direction}.{kind}"] = p
    return names


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
def recurrent():
    lengths = torch.tensor([3, 5, 1])
    for padded in (False, True):
        x = leaf(3, 5, 2)
        layer = redraw(nn.RNN(2, 4, batch_first=True))
        names = {key.replace("_l0", ""): p for key, p in plain(layer).items()}
        if padded:
            packed = pack_padded_sequence(x, lengths, True, enforce_sorted=False)
            out, last = layer(packed)
            out, _ = pad_packed_sequence(out, True, total_length=5)
        else:
            out, last = layer(x)
        record("rnn" + ("_padded" if padded else ""), names, {"x": x},
               {"y": out, "last": last[0]}, {"lengths": lengths if padded else torch.full((3,), 5)})


@group
def recurrent_stacks():
    """Two layers in both directions over padded sequences."""
    lengths = torch.tensor([2, 4, 1])
    for name, make in (("rnn_tanh", nn.RNN), ("rnn_relu", nn.RNN), ("lstm", nn.LSTM),
                       ("gru", nn.GRU)):
        more = {"nonlinearity": "relu"} if name == "rnn_relu" else {}
        layer = redraw(make(2, 3, 2, batch_first=True, bidirectional=True, **more))
        x = leaf(3, 4, 2)
        out, last = layer(pack_padded_sequence(x, lengths, True, enforce_sorted=False))
        out, _ = pad_packed_sequence(out, True, total_length=4)
        outputs = {"y": out, "h": last[0], "c": last[1]} if name == "lstm" else {"y": out, "h": last}
        record("recurrent_" + name, recurrent_names(layer), {"x": x}, outputs,
               {"lengths": lengths})


@group
def convolutions():
    for name, options, left, right in (
            ("plain", dict(kernel=3), 0, 0), ("strided", dict(kernel=3, stride=2), 2, 1),
            ("dilated", dict(kernel=2, dilation=3), 3, 0),
            ("grouped", dict(kernel=3, stride=2, dilation=2, groups=2), 1, 2)):
        options = {"stride": 1, "dilation": 1, "groups": 1, **options}
        x = leaf(2, 6, 4)
        layer = redraw(nn.Conv1d(4, 6, options["kernel"], options["stride"], 0,
                                 options["dilation"], options["groups"]))
        padded = nn.functional.pad(x.transpose(1, 2), (left, right))  # PyTorch: [B, in, T]
        record("conv1d_" + name, plain(layer), {"x": x}, {"y": layer(padded).transpose(1, 2)},
               {**options, "left": left, "right": right})


def general_scores(q, k, weight):
    return torch.einsum("bqi,ij,bkj->bqk", q, weight, k)


def additive_scores(q, k, weight_q, weight_k, v):
    energy = torch.tanh((q @ weight_q.T)[:, :, None] + (k @ weight_k.T)[:, None])
    return (energy * v).sum(-1)


@group
def scorers():
    lengths = torch.tensor([4, 2])
    allowed = torch.arange(4) < lengths[:, None, None]
    for name, function, weights in (
            ("general", general_scores, {"weight": (2, 3)}),
            ("additive", additive_scores, {"weight_q": (5, 2), "weight_k": (5, 3), "v": (5,)})):
        q, k = leaf(2, 3, 2), leaf(2, 4, 3)
        weights = {key: leaf(*shape) for key, shape in weights.items()}
        names = {key: (p, slice(None)) for key, p in weights.items()}
        scores = function(q, k, **weights)
        shares = torch.softmax(scores.masked_fill(~allowed, -torch.inf), -1)
        record("score_" + name, names, {"q": q, "k": k},
               {"scores": scores, "weights": shares, "context": shares @ k}, {"lengths": lengths})


@group
def sequence_to_sequence():
    """Both networks are PyTorch's, what stands between them is written out."""
    hidden, lengths = 3, torch.tensor([2, 4])
    source = torch.tensor([[3, 1, 0, 0], [0, 4, 2, 4]])
    inputs = torch.tensor([[0, 2, 3], [0, 1, 1]])
    for name, make, attends in (("additive", nn.GRU, True), ("general_lstm", nn.LSTM, True),
                                ("bottleneck", nn.GRU, False)):
        parts = 2 if make is nn.LSTM else 1
        modules = {"source_embedding": nn.Embedding(5, 2), "target_embedding": nn.Embedding(4, 2),
                   "encoder": make(2, hidden, batch_first=True, bidirectional=True),
                   "decoder": make(2, hidden, batch_first=True),
                   "bridge": nn.Linear(2 * parts * hidden, parts * hidden),
                   "combine": nn.Linear(3 * hidden, hidden), "output": nn.Linear(hidden, 4)}
        parameters = {}
        for key, module in modules.items():
            names = recurrent_names if isinstance(module, nn.RNNBase) else plain
            parameters.update({f"{key}.{p}": named for p, named in names(redraw(module)).items()})

        packed = pack_padded_sequence(modules["source_embedding"](source), lengths, True,
                                      enforce_sorted=False)
        read, last = modules["encoder"](packed)
        read, _ = pad_packed_sequence(read, True, total_length=4)
        last = last if parts == 2 else (last,)
        ends = torch.cat([part[way] for way in range(2) for part in last], -1)
        start = torch.tanh(modules["bridge"](ends))[None].chunk(parts, -1)
        start = [part.contiguous() for part in start]
        states, _ = modules["decoder"](modules["target_embedding"](inputs),
                                       tuple(start) if parts == 2 else start[0])
        outputs = {}
        if attends:
            shapes = {"weight_q": (hidden, hidden), "weight_k": (hidden, 2 * hidden), "v": (hidden,)}
            if name != "additive":
                shapes = {"weight": (hidden, 2 * hidden)}
            weights = {key: leaf(*shape) for key, shape in shapes.items()}
            parameters.update({"attention.score." + key: (p, slice(None))
                               for key, p in weights.items()})
            function = additive_scores if name == "additive" else general_scores
            allowed = torch.arange(4) < lengths[:, None, None]
            scores = function(states, read, **weights).masked_fill(~allowed, -torch.inf)
            outputs["weights"] = torch.softmax(scores, -1)
            context = outputs["weights"] @ read
        else:
            context = torch.cat([last[0][0], last[0][1]], -1)[:, None].expand(-1, 3, -1)
        combined = torch.tanh(modules["combine"](torch.cat([context, states], -1)))
        outputs["logits"] = modules["output"](combined)
        record("seq2seq_" + name, parameters, {}, outputs,
               {"source": source, "inputs": inputs, "lengths": lengths})


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
def recurrent():
    lengths = torch.tensor([3, 5, 1])
    for padded in (False, True):
        x = leaf(3, 5, 2)
        layer = redraw(nn.RNN(2, 4, batch_first=True))
        names = {key.replace("_l0", ""): p for key, p in plain(layer).items()}
        if padded:
            packed = pack_padded_sequence(x, lengths, True, enforce_sorted=False)
            out, last = layer(packed)
            out, _ = pad_packed_sequence(out, True, total_length=5)
        else:
            out, last = layer(x)
        record("rnn" + ("_padded" if padded else ""), names, {"x": x},
               {"y": out, "last": last[0]}, {"lengths": lengths if padded else torch.full((3,), 5)})


@group
def recurrent_stacks():
    """Two layers in both directions over padded sequences."""
    lengths = torch.tensor([2, 4, 1])
    for name, make in (("rnn_tanh", nn.RNN), ("rnn_relu", nn.RNN), ("lstm", nn.LSTM),
                       ("gru", nn.GRU)):
        more = {"nonlinearity": "relu"} if name == "rnn_relu" else {}
        layer = redraw(make(2, 3, 2, batch_first=True, bidirectional=True, **more))
        x = leaf(3, 4, 2)
        out, last = layer(pack_padded_sequence(x, lengths, True, enforce_sorted=False))
        out, _ = pad_packed_sequence(out, True, total_length=4)
        outputs = {"y": out, "h": last[0], "c": last[1]} if name == "lstm" else {"y": out, "h": last}
        record("recurrent_" + name, recurrent_names(layer), {"x": x}, outputs,
               {"lengths": lengths})


@group
def convolutions():
    for name, options, left, right in (
            ("plain", dict(kernel=3), 0, 0), ("strided", dict(kernel=3, stride=2), 2, 1),
            ("dilated", dict(kernel=2, dilation=3), 3, 0),
            ("grouped", dict(kernel=3, stride=2, dilation=2, groups=2), 1, 2)):
        options = {"stride": 1, "dilation": 1, "groups": 1, **options}
        x = leaf(2, 6, 4)
        layer = redraw(nn.Conv1d(4, 6, options["kernel"], options["stride"], 0,
                                 options["dilation"], options["groups"]))
        padded = nn.functional.pad(x.transpose(1, 2), (left, right))  # PyTorch: [B, in, T]
        record("conv1d_" + name, plain(layer), {"x": x}, {"y": layer(padded).transpose(1, 2)},
               {**options, "left": left, "right": right})


def general_scores(q, k, weight):
    return torch.einsum("bqi,ij,bkj->bqk", q, weight, k)


def additive_scores(q, k, weight_q, weight_k, v):
    energy = torch.tanh((q @ weight_q.T)[:, :, None] + (k @ weight_k.T)[:, None])
    return (energy * v).sum(-1)


@group
def scorers():
    lengths = torch.tensor([4, 2])
    allowed = torch.arange(4) < lengths[:, None, None]
    for name, function, weights in (
            ("general", general_scores, {"weight": (2, 3)}),
            ("additive", additive_scores, {"weight_q": (5, 2), "weight_k": (5, 3), "v": (5,)})):
        q, k = leaf(2, 3, 2), leaf(2, 4, 3)
        weights = {key: leaf(*shape) for key, shape in weights.items()}
        names = {key: (p, slice(None)) for key, p in weights.items()}
        scores = function(q, k, **weights)
        shares = torch.softmax(scores.masked_fill(~allowed, -torch.inf), -1)
        record("score_" + name, names, {"q": q, "k": k},
               {"scores": scores, "weights": shares, "context": shares @ k}, {"lengths": lengths})


@group
def sequence_to_sequence():
    """Both networks are PyTorch's, what stands between them is written out."""
    hidden, lengths = 3, torch.tensor([2, 4])
    source = torch.tensor([[3, 1, 0, 0], [0, 4, 2, 4]])
    inputs = torch.tensor([[0, 2, 3], [0, 1, 1]])
    for name, make, attends in (("additive", nn.GRU, True), ("general_lstm", nn.LSTM, True),
                                ("bottleneck", nn.GRU, False)):
        parts = 2 if make is nn.LSTM else 1
        modules = {"source_embedding": nn.Embedding(5, 2), "target_embedding": nn.Embedding(4, 2),
                   "encoder": make(2, hidden, batch_first=True, bidirectional=True),
                   "decoder": make(2, hidden, batch_first=True),
                   "bridge": nn.Linear(2 * parts * hidden, parts * hidden),
                   "combine": nn.Linear(3 * hidden, hidden), "output": nn.Linear(hidden, 4)}
        parameters = {}
        for key, module in modules.items():
            names = recurrent_names if isinstance(module, nn.RNNBase) else plain
            parameters.update({f"{key}.{p}": named for p, named in names(redraw(module)).items()})

        packed = pack_padded_sequence(modules["source_embedding"](source), lengths, True,
                                      enforce_sorted=False)
        read, last = modules["encoder"](packed)
        read, _ = pad_packed_sequence(read, True, total_length=4)
        last = last if parts == 2 else (last,)
        ends = torch.cat([part[way] for way in range(2) for part in last], -1)
        start = torch.tanh(modules["bridge"](ends))[None].chunk(parts, -1)
        start = [part.contiguous() for part in start]
        states, _ = modules["decoder"](modules["target_embedding"](inputs),
                                       tuple(start) if parts == 2 else start[0])
        outputs = {}
        if attends:
            shapes = {"weight_q": (hidden, hidden), "weight_k": (hidden, 2 * hidden), "v": (hidden,)}
            if name != "additive":
                shapes = {"weight": (hidden, 2 * hidden)}
            weights = {key: leaf(*shape) for key, shape in shapes.items()}
            parameters.update({"attention.score." + key: (p, slice(None))
                               for key, p in weights.items()})
            function = additive_scores if name == "additive" else general_scores
            allowed = torch.arange(4) < lengths[:, None, None]
            scores = function(states, read, **weights).masked_fill(~allowed, -torch.inf)
            outputs["weights"] = torch.softmax(scores, -1)
            context = outputs["weights"] @ read
        else:
            context = torch.cat([last[0][0], last[0][1]], -1)[:, None].expand(-1, 3, -1)
        combined = torch.tanh(modules["combine"](torch.cat([context, states], -1)))
        outputs["logits"] = modules["output"](combined)
        record("seq2seq_" + name, parameters, {}, outputs,
               {"source": source, "inputs": inputs, "lengths": lengths})


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
