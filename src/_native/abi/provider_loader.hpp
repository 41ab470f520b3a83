// Loads one implementation of the ABI and fills its table. Knows dlopen and LoadLibrary, and nothing of where libraries
// are looked for (pyk4a_rp/provider.py). Libraries are never unloaded once their table is out, tables never freed.
#pragma once

#include "abi/k4a_api.h"
#include "abi/mailbox.hpp"

#include <k4a_rp/k4a_rp.h>

#include <string>
#include <vector>

namespace k4a_rp
{

// The engine of our own has a SONAME of its own and lives beside anything. Foreign libraries share one place: their
// libk4arecord finds libk4a by SONAME, and with two of them would get whichever came first.
constexpr int kBundledSlot = 0;
constexpr int kForeignSlot = 1;

struct LoadedProvider
{
    k4a_api api = {};
    const k4a_rp_extensions_t *extensions = nullptr;
    std::string k4a_path;     // as the system loader tells it
    std::string record_path;  // empty: not found; equal to k4a_path: one library has both
    std::string record_error; // the loader's own words
    std::vector<std::string> missing;
    bool orbbec = false; // its k4a_record_configuration_t has 40 bytes
};

enum class Maker
{
    any = 0,
    microsoft = 1,
    orbbec = 2
};

// record_path may be empty: the functions of libk4arecord are then looked for in libk4a. A record library that cannot
// be loaded leaves stubs. NULL and an error text when there is no libk4a, it is not one, or not of the maker wanted.
const LoadedProvider *load_provider_libraries(int slot,
                                              const std::string &name,
                                              const std::string &k4a_path,
                                              const std::string &record_path,
                                              Maker maker,
                                              std::string &error);

// Loads a library that another will ask for by name later. The error text, or empty.
std::string preload_library(const std::string &path);

} // namespace k4a_rp
