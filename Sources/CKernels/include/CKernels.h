/* CPU kernels of the speech model: products with packed weights (float32 and int8), layer norm, attention over a
   KV cache, one-dimensional convolutions. They depend only on libc and threads.

   One rule holds for all of them: the bytes of an output row depend only on that row's input. They do not depend on the
   number of rows of the call, the position of the row among them or the number of threads, because every output element
   is summed in one fixed order. Variants for different CPUs may differ from each other in the last bits. */
#ifndef CKERNELS_H
#define CKERNELS_H

#include "ck_attention.h"
#include "ck_context.h"
#include "ck_convolution.h"
#include "ck_elementwise.h"
#include "ck_linear.h"

#endif
