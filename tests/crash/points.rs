//! Every crash point there is.
