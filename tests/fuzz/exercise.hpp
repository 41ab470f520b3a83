// Does everything that can be done with a recording, for the fuzzer and the mutation run.
#pragma once

#include <cstddef>
#include <cstdint>

// What was seen; keeps the compiler from leaving reads out.
struct Seen
{
    bool opened = false;
    size_t captures = 0;
    size_t images = 0;
    size_t imu_samples = 0;
    size_t data_blocks = 0;
    uint64_t checksum = 0;
};

Seen exercise_playback(const char *path);

// The bytes as a file that needs no disk: opened under the path that is returned, gone with the object.
class MemoryFile
{
public:
    MemoryFile(const uint8_t *data, size_t size);
    ~MemoryFile();
    MemoryFile(const MemoryFile &) = delete;
    MemoryFile &operator=(const MemoryFile &) = delete;
    const char *path() const { return path_; }

private:
    int descriptor_ = -1;
    char path_[64];
};
