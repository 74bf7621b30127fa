#pragma once
// The differentiable operations. Each is one function: its value, and one rule per input.
#include "autograd/arithmetic.h"
#include "autograd/attention.h"
#include "autograd/convolution.h"
#include "autograd/lookup.h"
#include "autograd/matmul.h"
#include "autograd/normalize.h"
#include "autograd/pointwise.h"
#include "autograd/reduce.h"
#include "autograd/softmax.h"
#include "autograd/unfold.h"
#include "autograd/views.h"
