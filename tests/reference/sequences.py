"""Recurrent networks, convolutions, scores, sequence to sequence."""
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from writing import group, leaf, plain, record, redraw


def recurrent_names(module, path=""):
    """weight_ih_l0_reverse is layers.0.backward.weight_ih."""
    names = {}
    for key, p in plain(module).items():
        kind, number = key.replace("_reverse", "").split("_l")
        direction = "backward" if "_reverse" in key else "forward"
        names[f"{path}layers.{number}.{direction}.{kind}"] = p
    return names


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
