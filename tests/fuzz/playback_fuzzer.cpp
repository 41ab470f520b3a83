// libFuzzer on the reader of recordings:
//   playback_fuzzer -dict=tests/fuzz/matroska.dict -rss_limit_mb=1024 -timeout=5 DIRECTORY tests/fuzz/corpus
#include "exercise.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerInitialize(int *, char ***)
{
    setenv("K4A_ENABLE_LOG_TO_STDOUT", "0", 0);
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const MemoryFile file(data, size);
    (void)exercise_playback(file.path());
    return 0;
}
