//! Where currents drive potentials.

use tauspike_network::population::Lif;
use tauspike_neuron::Extent;

/// What a current in pA drives neuron `k` of a population to, mV.
pub(super) fn v_inf(lif: &Lif, k: usize, current: f64) -> f64 {
    lif.e_l.get(k) + lif.tau_m.get(k) / lif.c_m.get(k) * (current + lif.i_e.get(k))
}

/// What V of neurons without a threshold is resolved by, mV, unless they start farther from V_inf.
const WITHOUT_THRESHOLD: f64 = 1.0;

/// What the potentials of a population are like, by the parameters of its neurons alone: the lattice must not depend on currents that
/// may come, since a program may set them while it runs. V_inf that moves may come as near to threshold as it likes, and no lattice helps.
pub(super) fn extent(lif: &Lif, members: usize, bits: i32) -> Extent {
    let mut extent = Extent { scales: (f64::INFINITY, 0.0), drive: f64::INFINITY, bits };
    for k in 0..members {
        let v_inf = v_inf(lif, k, 0.0);
        let scale = scale(lif, k, v_inf);
        extent.scales = (extent.scales.0.min(scale), extent.scales.1.max(scale));
        let over = v_inf - lif.v_th.get(k);
        if over > 0.0 {
            extent.drive = extent.drive.min(over / (scale * lif.tau_m.get(k)));
        }
    }
    extent
}

/// The smallest and the largest range of a potential over the neurons of a population, mV; `currents` are the extremes of all current inputs
/// together at a neuron, pA.
pub(super) fn scales(lif: &Lif, members: usize, currents: impl Fn(usize) -> (f64, f64)) -> (f64, f64) {
    let of = |k: usize| {
        let (low, high) = currents(k);
        let (low, high) = (v_inf(lif, k, low), v_inf(lif, k, high));
        let moved = if lif.fires { 0.0 } else { high - low };
        scale(lif, k, low).max(scale(lif, k, high)).max(moved)
    };
    (0..members).map(of).fold((f64::INFINITY, 0.0), |(least, most), scale| (least.min(scale), most.max(scale)))
}

/// How far from `v_inf`, mV, the potential of neuron `k` may be.
fn scale(lif: &Lif, k: usize, v_inf: f64) -> f64 {
    let of = |v: f64| (v - v_inf).abs();
    of(lif.v_init.get(k)).max(match lif.fires {
        true => of(lif.v_th.get(k)).max(of(lif.v_reset.get(k))),
        false => WITHOUT_THRESHOLD,
    })
}
