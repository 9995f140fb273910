//! Where currents drive potentials.

use tauspike_network::population::Lif;
use tauspike_neuron::{Extent, kinetics, scaled};

/// What a current in pA drives neuron `k` of a population to, mV.
pub(super) fn v_inf(lif: &Lif, k: usize, current: f64) -> f64 {
    lif.e_l.get(k) + lif.tau_m.get(k) / lif.c_m.get(k) * (current + lif.i_e.get(k))
}

/// What V of neurons without a threshold is resolved by, mV, unless they start or are driven farther from V_inf.
const WITHOUT_THRESHOLD: f64 = 1.0;

/// What the potentials of a population are like; `currents` are the extremes of all current inputs together at a
/// neuron, pA. V_inf that moves may come as near to threshold as it likes. Where V `jumps` that alone makes a crossing slow, and counts; where it
/// turns, any synaptic current can do so too, and no lattice helps.
pub(super) fn extent(lif: &Lif, members: usize, jumps: bool, currents: impl Fn(usize) -> (f64, f64)) -> Extent {
    let bits = if jumps { scaled::BITS } else { kinetics::BITS };
    let mut extent = Extent { scales: (f64::INFINITY, 0.0), drive: f64::INFINITY, bits };
    for k in 0..members {
        let (low, high) = currents(k);
        let (low, high) = (v_inf(lif, k, low), v_inf(lif, k, high));
        let of = |v: f64| (v - low).abs().max((v - high).abs());
        let scale = of(lif.v_init.get(k)).max(match lif.fires {
            true => of(lif.v_th.get(k)).max(of(lif.v_reset.get(k))),
            false => WITHOUT_THRESHOLD.max(high - low),
        });
        extent.scales = (extent.scales.0.min(scale), extent.scales.1.max(scale));
        let over = high - lif.v_th.get(k);
        if over > 0.0 && (jumps || low == high) {
            let over = if low < high { 0.0 } else { over };
            extent.drive = extent.drive.min(over / (scale * lif.tau_m.get(k)));
        }
    }
    extent
}
