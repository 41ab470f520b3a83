// How the sanitizers behave in test programs; without sanitizers nobody asks. The environment still overrules it.

// Little is kept back of freed memory, so that limits on memory measure the engine. A single allocation of that size
// is a finding; calls that may fail get NULL.
extern "C" __attribute__((visibility("default"))) const char *__asan_default_options()
{
    return "quarantine_size_mb=16:allocator_may_return_null=1:detect_stack_use_after_return=1:strict_string_checks=1";
}

extern "C" __attribute__((visibility("default"))) const char *__ubsan_default_options()
{
    return "print_stacktrace=1";
}

extern "C" __attribute__((visibility("default"))) const char *__tsan_default_options()
{
    return "halt_on_error=1:second_deadlock_stack=1";
}
