// The recorders behind C handles. A call keeps its recorder alive, so that another thread may close it meanwhile.
#pragma once

#include "recording/recorder.hpp"

#include <memory>

namespace k4a_rp
{

k4a_record_t register_recorder(std::shared_ptr<Recorder> recorder);
// Throws Error when this is not the handle of an open recording.
std::shared_ptr<Recorder> find_recorder(k4a_record_t handle);
// As find_recorder; the handle is not valid any more.
std::shared_ptr<Recorder> take_recorder(k4a_record_t handle);

} // namespace k4a_rp
