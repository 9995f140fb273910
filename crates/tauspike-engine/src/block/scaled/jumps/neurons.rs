//! The neurons, and what is kept of each.

use crate::block::calendar::Calendar;
use crate::block::columns::LifColumns;
use crate::block::scaled::jumps::members::Members;
use crate::block::scaled::kind::Kind;
use crate::block::scaled::model::Cells;
use crate::block::scaled::table::{Table, table};
use std::marker::PhantomData;
use tauspike_neuron::{Int, Lattice};

/// Delta neurons of a block. The cell of each is its scaled potential, standing in the present pass; [`Int::DEAF`] and whatever has
/// arrived since, while refractory.
#[derive(Clone)]
pub(crate) struct Jumps<I> {
    pub(super) members: Members,
    /// End of refractoriness, or the last step of the current if that is later, ms.
    pub(super) since: Vec<f64>,
    /// Refractory until `since`.
    pub(super) asleep: Vec<bool>,
    /// When refractoriness ends, and a bound of when driven neurons fire, where these are not looked at in every window; not kept instant by
    /// instant, where a queue has the time.
    pub(super) calendar: Option<Calendar>,
    pub(super) operations: u64,
    /// Room for neurons taken out of it.
    pub(super) due: Vec<u16>,
    /// Their scaled potentials.
    pub(super) standing: Vec<I>,
    /// Anything excites them.
    pub(super) excited: bool,
    int: PhantomData<I>,
}

impl<I: Int> Jumps<I> {
    /// At time 0, and their cells.
    pub fn new(kind: &Kind, neurons: usize, lif: LifColumns, excited: bool) -> (Self, Table<I>) {
        let members = Members::new(kind.lattice, kind.passes, neurons, lif);
        let mut cells = table(I::default());
        for (n, u) in cells[..neurons].iter_mut().enumerate() {
            let v_init = members.lif.lif.v_init.get(members.lif.first + n);
            *u = kind.lattice.scaled(v_init - members.v_inf[n], 1.0);
        }
        let jumps = Self {
            members,
            since: vec![0.0; neurons],
            asleep: vec![false; neurons],
            calendar: None,
            operations: 0,
            due: Vec::new(),
            standing: Vec::new(),
            excited,
            int: PhantomData,
        };
        (jumps, cells)
    }

    /// Driven neurons are in the calendar, because nothing but they themselves can make them fire.
    pub(super) fn is_by_calendar(&self) -> bool {
        self.members.driven && !self.excited && self.members.fire()
    }

    /// Puts neuron `n` into the calendar where it has to be looked at.
    pub(super) fn schedule(&mut self, n: usize, u: I) {
        let time = self.due_at(n, u);
        if let Some(calendar) = &mut self.calendar {
            calendar.put(n as u16, time);
        }
    }

    /// When neuron `n` has something of its own to do, ms, or a time before that.
    pub(super) fn due_at(&self, n: usize, u: I) -> f64 {
        match self.asleep[n] {
            true => self.since[n],
            false if self.is_by_calendar() => self.earliest(n, u),
            false => f64::INFINITY,
        }
    }

    /// A time before which neuron `n` does not fire by itself, ms.
    pub(super) fn earliest(&self, n: usize, u: I) -> f64 {
        if !self.members.lattice.is_driven(self.members.theta[n]) {
            return f64::INFINITY;
        }
        if self.asleep[n] {
            return self.since[n];
        }
        let mut times = [0.0];
        self.members.meet(&[n as u16], &[u], &mut times);
        times[0]
    }

    /// V_init >= V_th, at time 0.
    pub(super) fn starts_above(&self, n: usize, u: I) -> bool {
        !self.asleep[n] && u >= Lattice::level(self.members.theta[n], self.members.lattice.unit, 0)
    }
}

impl Jumps<i64> {
    /// The same neurons, whose cells have room for more.
    pub fn widened(&self, cells: &Cells<Self>) -> (Jumps<i128>, Table<i128>) {
        let mut wide = table(0);
        for ((wide, narrow), asleep) in wide.iter_mut().zip(cells).zip(&self.asleep) {
            *wide = if *asleep { i128::DEAF } else { i128::from(*narrow) };
        }
        let jumps = Jumps {
            members: self.members.clone(),
            since: self.since.clone(),
            asleep: self.asleep.clone(),
            calendar: self.calendar.clone(),
            operations: self.operations,
            due: Vec::new(),
            standing: Vec::new(),
            excited: self.excited,
            int: PhantomData,
        };
        (jumps, wide)
    }
}
