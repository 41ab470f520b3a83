// Reference counted objects behind C handles, and the check every exported function makes of a handle it is given.
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace k4a_rp
{

// First member of everything that a C handle points at. Handles of another type, and usually released ones, are told
// apart by the marker; a wild pointer is not.
class HandleObject
{
public:
    explicit HandleObject(size_t marker) : marker_(marker) {}
    HandleObject(const HandleObject &) = delete;
    HandleObject &operator=(const HandleObject &) = delete;

    bool has_marker(size_t marker) const { return marker_ == marker; }

protected:
    ~HandleObject() { *static_cast<volatile size_t *>(&marker_) = 0; }

private:
    size_t marker_;
};

// Derived supplies `static constexpr size_t handle_marker` and is destroyed with the last reference.
template <typename Derived> class RefCounted : public HandleObject
{
public:
    RefCounted() : HandleObject(Derived::handle_marker) {}

    void add_reference() { references_.fetch_add(1, std::memory_order_relaxed); }

    void release()
    {
        if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1)
        {
            delete static_cast<Derived *>(this);
        }
    }

private:
    std::atomic<long> references_{1};
};

// Owns one reference.
template <typename T> class Ref
{
public:
    Ref() = default;
    // Takes over a reference that the caller owns.
    static Ref adopt(T *object)
    {
        Ref ref;
        ref.object_ = object;
        return ref;
    }
    // Adds a reference.
    static Ref share(T *object)
    {
        if (object)
        {
            object->add_reference();
        }
        return adopt(object);
    }
    Ref(const Ref &other) : object_(other.object_)
    {
        if (object_)
        {
            object_->add_reference();
        }
    }
    Ref(Ref &&other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
    Ref &operator=(Ref other) noexcept
    {
        std::swap(object_, other.object_);
        return *this;
    }
    ~Ref()
    {
        if (object_)
        {
            object_->release();
        }
    }

    T *get() const { return object_; }
    T *operator->() const { return object_; }
    T &operator*() const { return *object_; }
    explicit operator bool() const { return object_ != nullptr; }
    // Hands the reference to a C handle.
    T *detach() { return std::exchange(object_, nullptr); }

private:
    T *object_ = nullptr;
};

} // namespace k4a_rp
