"""Found as `pyk4a` by processes that `python -m pyk4a_rp.compat` and its children start."""

import pyk4a_rp.compat

pyk4a_rp.compat.install(replace=True)
