"""A package, so that what belongs to these tests alone (the real worker) ends with them."""
