#pragma once

/// Marks a hot loop to be compiled for several x86-64 instruction sets, the widest the processor
/// has being chosen when the program is loaded. Results do not depend on the choice: nothing is
/// contracted or reassociated. Off under sanitizers, whose run time is not up yet when the choice
/// is made, and on processors that have one set.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
#define KEEL_WIDE __attribute__((target_clones("avx512f", "arch=x86-64-v3", "default")))
#else
#define KEEL_WIDE
#endif
