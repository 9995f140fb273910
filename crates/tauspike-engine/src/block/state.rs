//! What a snapshot keeps of a block.

use crate::block::scaled::currents::state::CurrentsState;
use crate::block::scaled::jumps::state::JumpsState;
use crate::block::scaled::state::ScaledState;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(crate) enum BlockState {
    Jumps(ScaledState<JumpsState>),
    Currents(ScaledState<CurrentsState>),
    Alphas(ScaledState<CurrentsState>),
}
