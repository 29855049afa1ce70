/* CPU kernels of the speech model: products with packed weights (float32 and int8), layer norm, attention over a
   KV cache, one-dimensional convolutions. No dependency but libc and threads.

   One rule holds for all of them: the bytes of an output row depend on that row's input only. How many rows a call
   has, where a row stands among them and how many threads work changes nothing, because every output element is summed
   in one fixed order. Variants for different CPUs may differ from each other in the last bits. */
#ifndef CKERNELS_H
#define CKERNELS_H

#include "ck_attention.h"
#include "ck_context.h"
#include "ck_convolution.h"
#include "ck_elementwise.h"
#include "ck_linear.h"

#endif
