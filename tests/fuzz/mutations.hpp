// Damages recordings in repeatable ways.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

using FileBytes = std::vector<uint8_t>;

// Where an element's header lies; found by walking over the undamaged file.
struct HeaderPlace
{
    size_t offset = 0;
    size_t id_length = 0;
    size_t size_length = 0;
    size_t data = 0;
    size_t size = 0;
};

std::vector<HeaderPlace> find_headers(const FileBytes &bytes);

class Mutator
{
public:
    explicit Mutator(uint64_t seed) : random_(seed) {}

    // One to three damages to `bytes`; `other` is a file to take pieces from. Returns what was done.
    std::string mutate(FileBytes *bytes, const FileBytes &other);

private:
    size_t below(size_t limit) { return limit == 0 ? 0 : static_cast<size_t>(random_() % limit); }
    size_t place(const FileBytes &bytes); // mostly among headers, sometimes anywhere
    void write_number(FileBytes *bytes, size_t offset, size_t length, uint64_t value);

    std::string flip_bits(FileBytes *bytes);
    std::string cut(FileBytes *bytes);
    std::string splice(FileBytes *bytes, const FileBytes &other);
    std::string set_size(FileBytes *bytes);
    std::string set_value(FileBytes *bytes);
    std::string set_id(FileBytes *bytes);
    std::string fill(FileBytes *bytes);
    std::string move_element(FileBytes *bytes);

    std::mt19937_64 random_;
    std::vector<HeaderPlace> headers_;
};
