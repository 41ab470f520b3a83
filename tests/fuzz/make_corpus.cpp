// Writes the small recordings that the fuzzer and the mutation run begin with: make_corpus DIRECTORY
#include "ebml_writer.hpp"

#include <cstdio>
#include <fstream>

using namespace ebml;

static void save(const std::string &directory, const std::string &name, const RecordingSpec &spec)
{
    const Bytes bytes = write(spec).bytes;
    std::ofstream out(directory + "/" + name + ".mkv", std::ios::binary);
    out.write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!out.flush())
    {
        std::fprintf(stderr, "cannot write %s to %s\n", name.c_str(), directory.c_str());
        std::exit(1);
    }
}

static SampleOptions with_color(const std::string &fourcc, size_t bytes)
{
    SampleOptions options;
    options.captures = 3;
    options.color = fourcc;
    options.color_width = 16;
    options.color_height = 8;
    options.color_bytes = bytes;
    return options;
}

static void save_variants(const std::string &directory)
{
    RecordingSpec spec = sample();
    spec.cues = std::vector<CueSpec>();
    save(directory, "no_cues", spec);
    spec.cues = std::vector<CueSpec>{{0, 0, 0}, {33333, 1, 5}, {99999, 3, 0}};
    save(directory, "wrong_cues", spec);
    spec = sample();
    spec.unknown_size_clusters = true;
    save(directory, "unknown_size_clusters", spec);
    spec = sample();
    spec.metadata_behind_clusters = true;
    spec.ending = Ending::unknown_size;
    save(directory, "metadata_behind_clusters", spec);
    spec = sample();
    spec.timecode_scale = 1000000;
    for (ClusterSpec &cluster : spec.clusters)
    {
        cluster.time /= 1000;
    }
    save(directory, "milliseconds", spec);
    spec = sample();
    for (ClusterSpec &cluster : spec.clusters)
    {
        BlockSpec &notes = cluster.blocks.back();
        notes.flags = lacing_ebml;
        notes.payload = laced(lacing_ebml, {text("one"), text("a longer one"), text("two"), text("")});
        cluster.blocks.push_back(notes);
        cluster.blocks.back().relative = -3;
    }
    save(directory, "ebml_lacing", spec);
}

int main(int argc, char **argv)
{
    if (argc != 2)
    {
        std::fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
        return 2;
    }
    const std::string directory = argv[1];
    SampleOptions options;
    save(directory, "closed", sample(options));
    options.ending = Ending::unfinished;
    save(directory, "unfinished", sample(options));
    options.ending = Ending::continued;
    save(directory, "continued", sample(options));
    options = with_color("NV12", 192);
    options.depth_delay_usec = 20000;
    save(directory, "nv12_with_delay", sample(options));
    save(directory, "yuy2", sample(with_color("YUY2", 256)));
    save(directory, "bgra", sample(with_color("BGRA", 512)));
    options = SampleOptions();
    options.color.clear();
    options.fps = 15;
    save(directory, "depth_only", sample(options));
    options.depth = options.ir = false;
    save(directory, "imu_only", sample(options));
    save_variants(directory);
    return 0;
}
