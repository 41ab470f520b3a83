#include "transformation/kernels.hpp"

#include "core/simd.hpp"

namespace k4a_rp
{

namespace portable
{
extern const TransformKernels transform_kernels_here;
}
#if K4A_RP_SIMD_X86
namespace sse41
{
extern const TransformKernels transform_kernels_here;
}
namespace avx2
{
extern const TransformKernels transform_kernels_here;
}
#endif

const TransformKernels &transform_kernels()
{
#if K4A_RP_SIMD_X86
    if (simd_level() == SimdLevel::avx2)
    {
        return avx2::transform_kernels_here;
    }
    if (simd_level() == SimdLevel::sse41)
    {
        return sse41::transform_kernels_here;
    }
#endif
    return portable::transform_kernels_here;
}

} // namespace k4a_rp
