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

import image_attention  # noqa: registers its groups
