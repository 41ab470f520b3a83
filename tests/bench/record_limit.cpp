// The work that no recorder can avoid, for the same data as record_bench.c: swap and checksum what is swapped while it
// is copied, and write it. Prints CPU seconds a capture.
#include "core/crc32.hpp"

#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <unistd.h>
#include <vector>

static double cpu()
{
    rusage used;
    getrusage(RUSAGE_SELF, &used);
    return double(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           double(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6;
}

int main(int argc, char **argv)
{
    if (argc != 3)
    {
        return 2;
    }
    const int captures = std::atoi(argv[2]);
    const size_t sizes[3] = {450000, 640 * 576 * 2, 640 * 576 * 2};
    std::vector<uint8_t> inputs[3], copies[3];
    for (int i = 0; i < 3; ++i)
    {
        inputs[i].assign(sizes[i], uint8_t(i + 7));
        copies[i].assign(sizes[i], 0);
    }
    const int file = open(argv[1], O_RDWR | O_CREAT | O_TRUNC, 0666);
    const double began = cpu();
    uint32_t crc = 0;
    for (int n = 0; n < captures; ++n)
    {
        iovec pieces[3];
        for (int i = 0; i < 3; ++i)
        {
            crc = k4a_rp::copy_with_crc32(crc, copies[i].data(), inputs[i].data(), sizes[i], i > 0);
            pieces[i] = {copies[i].data(), sizes[i]};
        }
        if (writev(file, pieces, 3) < 0)
        {
            return 3;
        }
    }
    std::printf("%.9f %u\n", (cpu() - began) / captures, crc);
    return 0;
}
