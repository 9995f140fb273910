//! Which spikes of one recording are in another too.

use tauspike_spike::Spike;

/// What two recordings share.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Matching {
    /// Spikes of one neuron that are in both, one for one.
    pub shared: u64,
    /// The largest difference of two times that count as the same, ms.
    pub deviation: f64,
    /// The first spike that is in A alone, by time.
    pub only_a: Option<Spike>,
    /// The first spike that is in B alone, by time.
    pub only_b: Option<Spike>,
}

/// The first row in which two recordings differ, in the last bit of a time or more.
pub fn first_difference(a: &[Spike], b: &[Spike]) -> Option<usize> {
    let bits = |spike: &Spike| (spike.time.to_bits(), spike.source);
    let common = a.iter().zip(b).position(|(a, b)| bits(a) != bits(b));
    common.or((a.len() != b.len()).then_some(a.len().min(b.len())))
}

/// Matches spikes of equal neurons whose times are at most `tolerance` ms apart: each with the earliest that is not taken.
pub fn matched(mut a: Vec<Spike>, mut b: Vec<Spike>, tolerance: f64) -> Matching {
    let by_neuron = |x: &Spike, y: &Spike| x.source.cmp(&y.source).then(x.time.total_cmp(&y.time));
    a.sort_unstable_by(by_neuron);
    b.sort_unstable_by(by_neuron);
    let mut found = Matching::default();
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        match (a.get(i), b.get(j)) {
            (Some(x), Some(y)) if x.source == y.source && (x.time - y.time).abs() <= tolerance => {
                found.shared += 1;
                found.deviation = found.deviation.max((x.time - y.time).abs());
                (i, j) = (i + 1, j + 1);
            }
            (Some(x), y) if y.is_none_or(|y| by_neuron(x, y).is_lt()) => {
                earlier(&mut found.only_a, x);
                i += 1;
            }
            (_, Some(y)) => {
                earlier(&mut found.only_b, y);
                j += 1;
            }
            (_, None) => unreachable!("then the arm above takes what is left of A"),
        }
    }
    found
}

fn earlier(first: &mut Option<Spike>, spike: &Spike) {
    if first.is_none_or(|first| (spike.time, spike.source) < (first.time, first.source)) {
        *first = Some(*spike);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spikes(of: &[(f64, u32)]) -> Vec<Spike> {
        of.iter().map(|&(time, source)| Spike { time, source }).collect()
    }

    #[test]
    fn rows_differ_where_a_bit_does_or_one_ends() {
        let a = spikes(&[(1.0, 0), (2.0, 1)]);
        assert_eq!(first_difference(&a, &a), None);
        assert_eq!(first_difference(&a, &a[..1]), Some(1));
        assert_eq!(first_difference(&a, &spikes(&[(1.0f64.next_up(), 0), (2.0, 1)])), Some(0));
        assert_eq!(first_difference(&[], &[]), None);
    }

    #[test]
    fn a_spike_is_matched_once_and_only_with_its_neuron() {
        let a = spikes(&[(1.0, 0), (1.1, 0), (5.0, 2), (9.0, 1)]);
        let b = spikes(&[(1.05, 0), (5.0, 1), (9.0, 1)]);
        let found = matched(a.clone(), b, 0.06);
        assert_eq!(found.shared, 2);
        assert!((found.deviation - 0.05).abs() < 1e-12);
        assert_eq!(found.only_a, Some(Spike { time: 1.1, source: 0 }));
        assert_eq!(found.only_b, Some(Spike { time: 5.0, source: 1 }));
        let same = matched(a.clone(), a, 0.0);
        assert_eq!((same.shared, same.only_a, same.only_b), (4, None, None));
    }
}
