"""Convolution, pooling and batch norm of images."""
from torch import nn

from writing import group, leaf, plain, record, redraw


@group
def image_convolutions():
    for name, options in (
            ("plain", dict(kernel=(3, 3))),
            ("strided", dict(kernel=(2, 3), stride=(2, 1), padding=(1, 2))),
            ("dilated", dict(kernel=(3, 2), dilation=(2, 3), padding=(1, 0))),
            ("grouped", dict(kernel=(3, 3), stride=(1, 2), padding=(1, 1), groups=2))):
        options = {"stride": (1, 1), "dilation": (1, 1), "padding": (0, 0), "groups": 1, **options}
        x = leaf(2, 4, 5, 6)
        layer = redraw(nn.Conv2d(4, 6, options["kernel"], options["stride"], options["padding"],
                                 options["dilation"], options["groups"]))
        record("conv2d_" + name, plain(layer), {"x": x}, {"y": layer(x)}, options)


@group
def image_pooling():
    for name, options in (
            ("plain", dict(kernel=(2, 2), stride=(2, 2))),
            ("padded", dict(kernel=(3, 2), stride=(2, 1), padding=(1, 1)))):
        options = {"padding": (0, 0), **options}
        sizes = [options[key] for key in ("kernel", "stride", "padding")]
        x = leaf(2, 3, 5, 6)
        record("pool2d_" + name, {}, {"x": x},
               {"max": nn.functional.max_pool2d(x, *sizes),
                "average": nn.functional.avg_pool2d(x, *sizes),
                "global_average": x.mean((2, 3)), "global_max": x.amax((2, 3))}, options)


@group
def batch_norm():
    """Two batches in training, then the first again in evaluation."""
    first, second = leaf(3, 2, 4, 3), leaf(3, 2, 4, 3)
    layer = redraw(nn.BatchNorm2d(2))
    outputs = {"first": layer(first), "second": layer(second + 1)}
    outputs["running_mean"] = layer.running_mean.clone()
    outputs["running_variance"] = layer.running_var.clone()
    outputs["evaluated"] = layer.eval()(first)
    record("batch_norm", plain(layer), {"first": first, "second": second}, outputs)
