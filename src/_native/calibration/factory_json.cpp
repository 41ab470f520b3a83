#include "calibration/factory_json.hpp"

#include "calibration/json.hpp"
#include "core/error.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <string>

namespace k4a_rp
{

namespace
{

constexpr unsigned int max_lens_parameters = sizeof(k4a_calibration_intrinsic_parameters_t) / sizeof(float);
constexpr float smallest_metric_radius = 0.0001f;
constexpr float default_metric_radius = 1.7f;

// A place in the document that knows its own name, so that every complaint says where.
class Place
{
public:
    Place(const JsonValue &value, std::string path) : value_(value), path_(std::move(path)) {}

    [[noreturn]] void refuse(const std::string &what) const { fail("calibration: %s %s", path_.c_str(), what.c_str()); }

    Place member(const char *key) const
    {
        expect(JsonType::object);
        const JsonValue *const found = value_.find(key);
        if (found == nullptr)
        {
            refuse(std::string("has no member \"") + key + "\"");
        }
        return Place(*found, path_ + "." + key);
    }

    size_t size() const
    {
        expect(JsonType::array);
        return value_.items.size();
    }

    Place operator[](size_t index) const
    {
        expect(JsonType::array);
        return Place(value_.items[index], path_ + "[" + std::to_string(index) + "]");
    }

    const std::string &text() const
    {
        expect(JsonType::string);
        return value_.text;
    }

    float number() const
    {
        expect(JsonType::number);
        if (std::fabs(value_.number) > static_cast<double>(std::numeric_limits<float>::max()))
        {
            refuse("is too large a number");
        }
        return static_cast<float>(value_.number);
    }

    int integer() const
    {
        expect(JsonType::number);
        if (value_.number != std::floor(value_.number) || std::fabs(value_.number) > 1e9)
        {
            refuse("is not a whole number of reasonable size");
        }
        return static_cast<int>(value_.number);
    }

    template <size_t Count> void numbers(float (&values)[Count]) const
    {
        if (size() != Count)
        {
            refuse("has " + std::to_string(size()) + " values instead of " + std::to_string(Count));
        }
        for (size_t i = 0; i < Count; ++i)
        {
            values[i] = (*this)[i].number();
        }
    }

private:
    void expect(JsonType type) const
    {
        if (value_.type != type)
        {
            refuse(std::string("is of type ") + json_type_name(value_.type) + " instead of " + json_type_name(type));
        }
    }

    const JsonValue &value_;
    std::string path_;
};

k4a_calibration_extrinsics_t read_pose(const Place &place)
{
    constexpr float mm_per_metre = 1000.0f;
    k4a_calibration_extrinsics_t pose = {};
    place.member("Rotation").numbers(pose.rotation);
    const Place translation = place.member("Translation");
    translation.numbers(pose.translation);
    for (size_t i = 0; i < translation.size(); ++i)
    {
        pose.translation[i] *= mm_per_metre;
        if (!std::isfinite(pose.translation[i]))
        {
            translation[i].refuse("is too large a number of metres");
        }
    }
    return pose;
}

k4a_calibration_model_type_t lens_model(const Place &place)
{
    static const struct
    {
        const char *name;
        k4a_calibration_model_type_t type;
    } models[] = {
        {"CALIBRATION_LensDistortionModelBrownConrady", K4A_CALIBRATION_LENS_DISTORTION_MODEL_BROWN_CONRADY},
        {"CALIBRATION_LensDistortionModelRational6KT", K4A_CALIBRATION_LENS_DISTORTION_MODEL_RATIONAL_6KT},
        {"CALIBRATION_LensDistortionModelPolynomial3K", K4A_CALIBRATION_LENS_DISTORTION_MODEL_POLYNOMIAL_3K},
        {"CALIBRATION_LensDistortionModelTheta", K4A_CALIBRATION_LENS_DISTORTION_MODEL_THETA},
    };
    for (const auto &model : models)
    {
        if (place.text() == model.name)
        {
            return model.type;
        }
    }
    place.refuse("is an unknown lens model");
}

k4a_calibration_intrinsics_t read_intrinsics(const Place &place)
{
    k4a_calibration_intrinsics_t intrinsics = {};
    intrinsics.type = lens_model(place.member("ModelType"));
    const Place count = place.member("ModelParameterCount");
    const int wanted = count.integer();
    if (wanted < 0 || wanted > static_cast<int>(max_lens_parameters))
    {
        count.refuse("is not between 0 and " + std::to_string(max_lens_parameters));
    }
    const Place values = place.member("ModelParameters");
    if (values.size() != static_cast<size_t>(wanted))
    {
        values.refuse("has " + std::to_string(values.size()) + " values, ModelParameterCount says " +
                      std::to_string(wanted));
    }
    intrinsics.parameter_count = static_cast<unsigned int>(wanted);
    for (size_t i = 0; i < values.size(); ++i)
    {
        intrinsics.parameters.v[i] = values[i].number();
    }
    return intrinsics;
}

FactoryCamera read_camera(const Place &place)
{
    FactoryCamera camera = {};
    camera.pose = read_pose(place.member("Rt"));
    camera.intrinsics = read_intrinsics(place.member("Intrinsics"));
    camera.sensor_width = place.member("SensorWidth").integer();
    camera.sensor_height = place.member("SensorHeight").integer();
    camera.metric_radius = place.member("MetricRadius").number();
    if (camera.metric_radius <= smallest_metric_radius)
    {
        camera.metric_radius = default_metric_radius;
    }
    return camera;
}

FactoryInertialSensor read_inertial_sensor(const Place &place)
{
    FactoryInertialSensor sensor = {};
    sensor.pose = read_pose(place.member("Rt"));
    place.member("BiasTemperatureModel").numbers(sensor.bias_temperature_model);
    place.member("BiasUncertainty").numbers(sensor.bias_uncertainty);
    place.member("MixingMatrixTemperatureModel").numbers(sensor.mixing_matrix_temperature_model);
    sensor.model_type_mask = place.member("ModelTypeMask").integer();
    place.member("Noise").numbers(sensor.noise);
    place.member("SecondOrderScaling").numbers(sensor.second_order_scaling);
    place.member("TemperatureBounds").numbers(sensor.temperature_bounds);
    sensor.temperature_c = place.member("TemperatureC").number();
    return sensor;
}

// The first entry whose `key` is `name`.
Place find_entry(const Place &list, const char *key, const char *name)
{
    for (size_t i = 0; i < list.size(); ++i)
    {
        const Place entry = list[i];
        if (entry.member(key).text() == name)
        {
            return entry;
        }
    }
    list.refuse(std::string("has no entry with ") + key + " \"" + name + "\"");
}

} // namespace

FactoryCalibration parse_factory_calibration(const char *text, size_t size)
{
    const void *const end = std::memchr(text, '\0', size);
    if (end != nullptr)
    {
        size = static_cast<size_t>(static_cast<const char *>(end) - text);
    }
    const JsonValue document = parse_json(text, size);
    const Place root = Place(document, "the file").member("CalibrationInformation");
    const Place cameras = root.member("Cameras");
    const Place sensors = root.member("InertialSensors");

    FactoryCalibration factory = {};
    factory.depth = read_camera(find_entry(cameras, "Location", "CALIBRATION_CameraLocationD0"));
    factory.color = read_camera(find_entry(cameras, "Location", "CALIBRATION_CameraLocationPV0"));
    factory.gyro = read_inertial_sensor(find_entry(sensors, "SensorType", "CALIBRATION_InertialSensorType_Gyro"));
    factory.accelerometer =
        read_inertial_sensor(find_entry(sensors, "SensorType", "CALIBRATION_InertialSensorType_Accelerometer"));
    return factory;
}

} // namespace k4a_rp
