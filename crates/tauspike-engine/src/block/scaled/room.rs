//! Room to work in, one for each thread and width; empty between windows.

use crate::block::scaled::add::Valued;
use crate::block::scaled::marks::Marks;
use crate::block::scaled::resolve::Hit;
use crate::inputs::bulk::Events;

/// Room to work in.
pub(crate) struct Room<I> {
    pub(super) valued: Valued<I>,
    /// Arrivals over drawn delays of the whole epoch.
    pub(super) spread: Events,
    pub(super) factors: Vec<f64>,
    pub(super) marks: Marks,
    pub(super) hits: Vec<(u32, Hit<I>)>,
    pub(super) sorted: Vec<Hit<I>>,
    pub(super) ends: Vec<u32>,
}

impl<I> Default for Room<I> {
    fn default() -> Self {
        Self {
            valued: Valued { events: Default::default(), factors: Vec::new(), values: Vec::new() },
            spread: Default::default(),
            factors: Vec::new(),
            marks: Marks::default(),
            hits: Vec::new(),
            sorted: Vec::new(),
            ends: Vec::new(),
        }
    }
}
