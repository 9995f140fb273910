//! Counter-based random numbers: a draw is a pure function of (seed, domain, entity, index).
//!
//! Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011. Because nothing is
//! carried from one draw to the next, a neuron draws the same numbers on any thread, in any order, before and after a restart
//! (ADR 0003). [`Stream`] walks the index and implements `rand`'s traits, so every `rand_distr` distribution can be drawn.
//!
//! Counter layout, in 32-bit words: `[index low, index high, entity, domain]`; the key is the seed.

use rand::TryRng;
use std::convert::Infallible;

/// What a number is drawn *for*. Two domains never share a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Domain(u32);

impl Domain {
    const fn of(kind: u32, ordinal: u32) -> Self {
        assert!(ordinal < 1 << 24, "at most 2^24 populations, projections or inputs");
        Self(kind << 24 | ordinal)
    }

    /// Neuron parameter number `parameter` (below 256) of population `population` (below 65536); entity: the neuron's position.
    pub const fn parameter(population: u32, parameter: u32) -> Self {
        assert!(parameter < 256 && population < 1 << 16);
        Self::of(1, population << 8 | parameter)
    }

    /// Partners of a neuron in projection `projection`; entity: the target (or source) position.
    pub const fn partners(projection: u32) -> Self {
        Self::of(2, projection)
    }

    /// Weights in projection `projection`; entity as in [`Domain::partners`].
    pub const fn weight(projection: u32) -> Self {
        Self::of(3, projection)
    }

    /// Delays in projection `projection`; entity as in [`Domain::partners`].
    pub const fn delay(projection: u32) -> Self {
        Self::of(4, projection)
    }

    /// Intervals of Poisson input `input`; entity: the neuron's global index.
    pub const fn poisson(input: u32) -> Self {
        Self::of(5, input)
    }

    /// Acceptance of candidates of an inhomogeneous Poisson input `input`; entity: the neuron's global index.
    pub const fn thinning(input: u32) -> Self {
        Self::of(6, input)
    }

    /// Stimuli and targets of tasks; `ordinal` is the caller's.
    pub const fn task(ordinal: u32) -> Self {
        Self::of(7, ordinal)
    }

    /// Anything outside a simulation: statistics, shuffles; `ordinal` is the caller's.
    pub const fn other(ordinal: u32) -> Self {
        Self::of(8, ordinal)
    }
}

const M0: u64 = 0xD251_1F53;
const M1: u64 = 0xCD9E_8D57;
const W0: u32 = 0x9E37_79B9;
const W1: u32 = 0xBB67_AE85;

/// Philox4x32 with 10 rounds.
#[inline(always)]
pub fn philox4x32(mut ctr: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..10 {
        let a = M0 * u64::from(ctr[0]);
        let b = M1 * u64::from(ctr[2]);
        ctr = [(b >> 32) as u32 ^ ctr[1] ^ key[0], b as u32, (a >> 32) as u32 ^ ctr[3] ^ key[1], a as u32];
        key = [key[0].wrapping_add(W0), key[1].wrapping_add(W1)];
    }
    ctr
}

/// The two 64-bit numbers at block `index` of (seed, domain, entity).
#[inline(always)]
pub fn block(seed: u64, domain: Domain, entity: u32, index: u64) -> [u64; 2] {
    let out = philox4x32([index as u32, (index >> 32) as u32, entity, domain.0], [seed as u32, (seed >> 32) as u32]);
    [u64::from(out[1]) << 32 | u64::from(out[0]), u64::from(out[3]) << 32 | u64::from(out[2])]
}

/// Blocks drawn together by [`line()`].
pub const LINE: usize = 8;

/// The numbers of [`block`]s `first ..`: the first numbers of all, and the second. Laid out for vector instructions, in which a
/// product of 32 bits by 32 is one of whole words.
#[allow(clippy::needless_range_loop)] // the same place of four arrays at once
#[inline(always)]
pub fn line(seed: u64, domain: Domain, entity: u32, first: u64) -> [[u64; LINE]; 2] {
    const LOW: u64 = 0xffff_ffff;
    let mut counters = [[0; LINE], [0; LINE], [u64::from(entity); LINE], [u64::from(domain.0); LINE]];
    for l in 0..LINE {
        let index = first.wrapping_add(l as u64);
        (counters[0][l], counters[1][l]) = (index & LOW, index >> 32);
    }
    let mut key = [seed & LOW, seed >> 32];
    for _ in 0..10 {
        // what stands above 32 bits takes no part in products, and is cut off in the end
        for l in 0..LINE {
            let (a, b) = (M0 * (counters[0][l] & LOW), M1 * (counters[2][l] & LOW));
            counters[0][l] = b >> 32 ^ counters[1][l] ^ key[0];
            counters[1][l] = b;
            counters[2][l] = a >> 32 ^ counters[3][l] ^ key[1];
            counters[3][l] = a;
        }
        key = [(key[0] + u64::from(W0)) & LOW, (key[1] + u64::from(W1)) & LOW];
    }
    let mut numbers = [[0; LINE]; 2];
    for l in 0..LINE {
        numbers[0][l] = counters[1][l] << 32 | counters[0][l] & LOW;
        numbers[1][l] = counters[3][l] << 32 | counters[2][l] & LOW;
    }
    numbers
}

/// Uniform on (0, 1], 53 bits: never 0, so its logarithm is finite.
#[inline(always)]
pub fn unit_open_zero(bits: u64) -> f64 {
    ((bits >> 11) + 1) as f64 * (1.0 / (1u64 << 53) as f64)
}

/// A sequence of draws of one (seed, domain, entity), starting at index 0.
#[derive(Clone, Debug)]
pub struct Stream {
    seed: u64,
    domain: Domain,
    entity: u32,
    index: u64,
    spare: Option<u64>,
}

impl Stream {
    /// The stream of `entity` for `domain` under `seed`.
    pub fn new(seed: u64, domain: Domain, entity: u32) -> Self {
        Self { seed, domain, entity, index: 0, spare: None }
    }

    fn next(&mut self) -> u64 {
        if let Some(word) = self.spare.take() {
            return word;
        }
        let [first, second] = block(self.seed, self.domain, self.entity, self.index);
        self.index += 1;
        self.spare = Some(second);
        first
    }
}

impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.next() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next())
    }

    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Infallible> {
        for chunk in dst.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Known answers published with the authors' reference implementation (Random123, `kat_vectors`).
    #[test]
    fn philox_gives_the_published_answers() {
        assert_eq!(philox4x32([0; 4], [0; 2]), [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
        assert_eq!(philox4x32([u32::MAX; 4], [u32::MAX; 2]), [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]);
        assert_eq!(
            philox4x32([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0]),
            [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1]
        );
    }

    #[test]
    fn a_line_holds_the_same_numbers_as_its_blocks() {
        for first in [0, 5, u64::from(u32::MAX) - 3, u64::MAX - 2] {
            let line = line(0x1234_5678_9abc_def0, Domain::poisson(3), 77, first);
            for (l, (one, other)) in line[0].iter().zip(line[1]).enumerate() {
                let index = first.wrapping_add(l as u64);
                assert_eq!([*one, other], block(0x1234_5678_9abc_def0, Domain::poisson(3), 77, index), "{index}");
            }
        }
    }

    #[test]
    fn a_unit_draw_is_never_zero_and_may_be_one() {
        assert!(unit_open_zero(0) > 0.0);
        assert_eq!(unit_open_zero(u64::MAX), 1.0);
    }

    #[test]
    fn streams_of_other_domains_or_entities_differ() {
        let first = |domain, entity| Stream::new(7, domain, entity).next();
        assert_ne!(first(Domain::weight(0), 0), first(Domain::delay(0), 0));
        assert_ne!(first(Domain::weight(0), 0), first(Domain::weight(0), 1));
        assert_ne!(first(Domain::weight(0), 0), first(Domain::weight(1), 0));
    }
}
