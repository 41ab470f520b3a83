"""Ownership of C objects: the base class of all handles of the flat layer."""

from typing import Any, Self

from typing_extensions import disjoint_base

from ._provider import Provider

@disjoint_base
class Handle:
    """A C object of one provider.

    Handles come out of the functions of `pyk4a_rp.k4a`; made by hand they are empty, as if released. A released handle
    is what NULL is in C: functions called with it fail, and nothing crashes. Releasing a handle that another thread is
    using, or whose memory is still looked at, is put off until that ends.
    """

    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def _adopt(self, other: Handle) -> Self:
        """Take the C object out of `other`, which is released then.

        Parameters
        ----------
        other : Handle
            A handle of the same kind that is not in use.

        Returns
        -------
        Handle
            This handle.
        """

    @property
    def provider(self) -> Provider:
        """The `Provider` that made the C object."""

    @property
    def released(self) -> bool:
        """Whether the C object has been given up."""

    @property
    def address(self) -> int:
        """The C pointer as an int; 0 when released."""

    def release(self) -> None:
        """Give up the C object. Does nothing the second time.

        While another thread is in a call with this handle, or memory of it is exported, the C object lives on until
        that ends; calls that begin after `release` already see a released handle.
        """
