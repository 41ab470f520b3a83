#include "simulated/unit.hpp"

#include "core/error.hpp"
#include "simulated/replay_source.hpp"
#include "simulated/scene_source.hpp"

#include <algorithm>
#include <cstdlib>

namespace k4a_rp
{

namespace
{

constexpr char variable[] = "PYK4A_RP_SIMULATED";
constexpr char scene[] = "scene";

struct Plugged
{
    std::mutex mutex;
    std::string environment;
    std::vector<std::shared_ptr<SimulatedUnit>> from_environment;
    std::vector<std::shared_ptr<SimulatedUnit>> asked_for;
    unsigned last_number = 0;
};

// Never destroyed: devices may be open while the process ends.
Plugged &plugged()
{
    static Plugged *instance = new Plugged;
    return *instance;
}

std::string trimmed(const std::string &text)
{
    const size_t first = text.find_first_not_of(" \t");
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string> split(const std::string &list)
{
    std::vector<std::string> parts;
    for (size_t at = 0; at <= list.size();)
    {
        const size_t comma = std::min(list.find(',', at), list.size());
        const std::string part = trimmed(list.substr(at, comma - at));
        if (!part.empty())
        {
            parts.push_back(part);
        }
        at = comma + 1;
    }
    return parts;
}

// Units that were there before, at the same place and from the same source, stay: open or unplugged as they are.
void read_environment(Plugged &all)
{
    const char *value = std::getenv(variable);
    const std::string text = value ? value : "";
    if (text == all.environment)
    {
        return;
    }
    std::vector<std::shared_ptr<SimulatedUnit>> units;
    for (const std::string &part : split(text))
    {
        const size_t at = units.size();
        const bool same = at < all.from_environment.size() && all.from_environment[at]->text() == part;
        const auto number = static_cast<unsigned>(at + 1);
        units.push_back(same ? all.from_environment[at]
                             : std::make_shared<SimulatedUnit>(part, SimulatedOptions(), number));
    }
    all.from_environment = std::move(units);
    all.environment = text;
}

uint32_t parse_seed(const std::string &text)
{
    const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
    const unsigned long long value = digits ? std::strtoull(text.c_str(), nullptr, 10) : UINT64_MAX;
    if (value > UINT32_MAX) // what is too long for strtoull is as well
    {
        fail("\"%s\" is no seed of a scene: a number from 0 to 4294967295 is", text.c_str());
    }
    return static_cast<uint32_t>(value);
}

} // namespace

SimulatedUnit::SimulatedUnit(std::string text, SimulatedOptions options, unsigned number)
    : text_(std::move(text)), options_(std::move(options)), number_(number)
{
}

Source &SimulatedUnit::source()
{
    std::lock_guard<std::mutex> lock(mutex_);
    if (!source_)
    {
        const std::string prefix = std::string(scene) + ":";
        if (text_ == scene)
        {
            source_ = make_scene_source(0, options_);
        }
        else if (text_.compare(0, prefix.size(), prefix) == 0)
        {
            source_ = make_scene_source(parse_seed(text_.substr(prefix.size())), options_);
        }
        else
        {
            source_ = make_replay_source(text_, options_);
        }
    }
    return *source_;
}

RecordedDevice SimulatedUnit::facts()
{
    RecordedDevice facts = source().facts();
    if (!options_.serial.empty())
    {
        facts.serial = options_.serial;
    }
    else if (facts.serial.empty())
    {
        facts.serial = format_text("%012u", number_);
    }
    return facts;
}

std::vector<std::shared_ptr<SimulatedUnit>> plugged_units()
{
    Plugged &all = plugged();
    std::lock_guard<std::mutex> lock(all.mutex);
    read_environment(all);
    std::vector<std::shared_ptr<SimulatedUnit>> units;
    for (const auto *list : {&all.from_environment, &all.asked_for})
    {
        std::copy_if(list->begin(), list->end(), std::back_inserter(units), [](const auto &unit) {
            return !unit->is_unplugged();
        });
    }
    return units;
}

std::shared_ptr<SimulatedUnit> plug_in(const std::string &text, const SimulatedOptions &options)
{
    Plugged &all = plugged();
    std::lock_guard<std::mutex> lock(all.mutex);
    std::vector<std::shared_ptr<SimulatedUnit>> &units = all.asked_for;
    const auto is_gone = [](const auto &unit) { return unit->is_unplugged(); };
    units.erase(std::remove_if(units.begin(), units.end(), is_gone), units.end());
    // Apart from the numbers of those in the environment.
    units.push_back(std::make_shared<SimulatedUnit>(text, options, 1000 + ++all.last_number));
    units.back()->acquire();
    return units.back();
}

SyncJacks jacks_of(const SimulatedUnit &unit)
{
    if (unit.options().has_jacks)
    {
        return unit.options().jacks;
    }
    const std::vector<std::shared_ptr<SimulatedUnit>> units = plugged_units();
    for (size_t i = 0; i < units.size(); ++i)
    {
        if (units[i].get() == &unit)
        {
            return {i > 0, i + 1 < units.size()};
        }
    }
    return {};
}

} // namespace k4a_rp
