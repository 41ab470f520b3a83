// A file with given bytes that is gone when the test is over.
#pragma once

#include "core/file.hpp"
#include "ebml_writer.hpp"

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>

#ifndef _WIN32
#include <unistd.h>
#endif

class TempFile
{
public:
    explicit TempFile(const ebml::Bytes &bytes)
    {
        static std::atomic<int> counter{0};
#ifdef _WIN32
        const std::string process = "windows";
#else
        const std::string process = std::to_string(getpid());
#endif
        const std::string name = "k4a_rp_test_" + process + "_" + std::to_string(counter++) + ".mkv";
        path_ = (std::filesystem::temp_directory_path() / name).string();
        rewrite(bytes);
    }
    ~TempFile() { std::remove(path_.c_str()); }
    TempFile(const TempFile &) = delete;
    TempFile &operator=(const TempFile &) = delete;

    void rewrite(const ebml::Bytes &bytes) const
    {
        std::ofstream out(path_, std::ios::binary | std::ios::trunc);
        out.write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        if (!out.flush())
        {
            throw std::runtime_error("cannot write " + path_);
        }
    }
    const std::string &path() const { return path_; }
    std::shared_ptr<const k4a_rp::File> open() const { return std::make_shared<const k4a_rp::File>(path_); }

private:
    std::string path_;
};
