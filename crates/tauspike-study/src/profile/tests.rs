use super::*;

const LOGNORMAL: Kind = Kind::Skewed { family: Family::Lognormal, mirrored: false };
const GAMMA: Kind = Kind::Skewed { family: Family::Gamma, mirrored: false };
const MIRRORED: Kind = Kind::Skewed { family: Family::Gamma, mirrored: true };

fn by(kind: Kind, location: Location) -> Profile {
    Profile { location, ..Profile::new("x", kind) }
}

#[track_caller]
fn realises(kind: &Kind, cv: f64, location: Location) {
    for (n, seed) in [(20, 1), (60, 2), (60, 3), (400, 4)] {
        let taus = by(kind.clone(), location).draw((20.0, cv), 0.5, n, seed).unwrap();
        let realised = Realised::of(&taus, 0.5);
        let what = format!("{kind:?} {} n {n} seed {seed}: {realised:?}", location.name());
        assert!((realised.cv - cv).abs() < 1e-9, "{what}");
        assert!((realised.location(location) / 20.0 - 1.0).abs() < 1e-9, "{what}");
        assert!(realised.min >= 0.5, "{what}");
    }
}

#[test]
fn every_network_realises_the_location_and_the_cv_asked_for() {
    let all: [(Kind, f64); 12] = [
        (Kind::Normal, 0.3),
        (Kind::Uniform, 0.45),
        (Kind::Arcsine, 0.5),
        (Kind::LogUniform, 1.2),
        (LOGNORMAL, 2.0),
        (GAMMA, 0.25),
        (GAMMA, 1.0),
        (MIRRORED, 0.3),
        (Kind::Skewed { family: Family::InverseGamma, mirrored: false }, 0.9),
        (Kind::Beta { skewness: 0.5 }, 0.5),
        (Kind::TwoPoint { skewness: 2.0 }, 2.0),
        (Kind::Empirical(vec![4.0, 5.0, 9.0, 40.0]), 1.0),
    ];
    for (kind, cv) in &all {
        Location::ALL.iter().for_each(|location| realises(kind, *cv, *location));
    }
    // As wide as they come: some are raised to the least value.
    let widest = [(Kind::Normal, 0.5), (Kind::Uniform, 0.57), (Kind::Arcsine, 0.7), (MIRRORED, 0.5), (GAMMA, 2.0)];
    for (kind, cv) in widest.into_iter().chain([(Kind::Beta { skewness: -0.5 }, 0.7)]) {
        realises(&kind, cv, Location::Mean);
        realises(&kind, cv, Location::Median);
    }
    let same = Profile::homogeneous().draw((20.0, 0.0), 0.01, 7, 3).unwrap();
    assert_eq!(same, [20.0; 7]);
}

/// Matching moves and widens; it makes no symmetric profile skewed, and no left-skewed one symmetric.
#[test]
fn matched_draws_keep_the_skewness_of_their_profile() {
    for (kind, cv, skewness) in [
        (Kind::Uniform, 0.5, 0.0),
        (Kind::Arcsine, 0.6, 0.0),
        (MIRRORED, 0.3, -0.6),
        (Kind::Beta { skewness: -0.6 }, 0.7, -0.6),
        (GAMMA, 0.5, 1.0),
        (Kind::TwoPoint { skewness: 2.0 }, 1.0, 2.0),
        (LOGNORMAL, 0.5, 1.625),
    ] {
        let realised = Realised::of(&Profile::new("x", kind.clone()).draw((20.0, cv), 0.01, 3000, 7).unwrap(), 0.01);
        assert!((realised.skewness - skewness).abs() < 0.25, "{kind:?}: {realised:?}");
    }
}

/// Lognormal draws to a power are lognormal: ln tau of another width and place, and nothing else.
#[test]
fn a_power_keeps_lognormal_draws_lognormal() {
    let draw = |cv| Profile::new("x", LOGNORMAL).draw((20.0, cv), 1e-9, 50, 3).unwrap();
    let (narrow, wide) = (draw(0.5), draw(1.5));
    let log = |taus: &[f64], k: usize| (taus[k] / taus[0]).ln();
    let ratio = log(&wide, 1) / log(&narrow, 1);
    for k in 2..50 {
        assert!((log(&wide, k) / log(&narrow, k) - ratio).abs() < 1e-6 * ratio.abs(), "{k}");
    }
}

#[test]
fn a_smaller_network_has_the_draws_of_a_larger_one_in_their_order() {
    let draw = |n| Profile::new("x", GAMMA).draw((20.0, 1.0), 1e-9, n, 5).unwrap();
    let (small, large) = (draw(20), draw(200));
    for k in 1..20 {
        assert_eq!(small[k] < small[k - 1], large[k] < large[k - 1], "{k}");
    }
}

#[test]
fn few_and_coarse_values_realise_what_is_asked_for_too() {
    for (levels, quantum, cv) in [(Some(4), 0.0, 2.0), (Some(2), 0.0, 0.5), (None, 0.25, 1.0), (Some(8), 0.1, 1.0)] {
        let device = Device { levels, quantum, mismatch: 0.0 };
        let profile = Profile { device, ..Profile::new("x", GAMMA) };
        let taus = profile.draw((20.0, cv), 0.5, 200, 9).unwrap();
        let realised = Realised::of(&taus, 0.5);
        assert!((realised.cv - cv).abs() < 1e-3 && (realised.mean / 20.0 - 1.0).abs() < 1e-3, "{realised:?}");
        assert!(levels.is_none_or(|levels| realised.distinct <= levels as usize && realised.distinct > 1));
        let coarse = |tau: &f64| quantum == 0.0 || (tau / quantum - (tau / quantum).round()).abs() < 1e-9;
        assert!(taus.iter().all(coarse), "{taus:?}");
    }
}

/// What a device misses is not matched: it adds to the spread, and to none it is all there is.
#[test]
fn mismatch_comes_on_top() {
    let device = Device { mismatch: 0.2, ..Device::default() };
    let homogeneous = Profile { device, ..Profile::homogeneous() };
    let taus = homogeneous.draw((20.0, 0.0), 0.5, 5000, 1).unwrap();
    assert!((Realised::of(&taus, 0.5).cv - 0.2).abs() < 0.01);
    let spread = Profile { device, ..Profile::new("x", Kind::Uniform) }.draw((20.0, 0.5), 0.5, 5000, 1).unwrap();
    let together = ((1.0 + 0.5f64.powi(2)) * (1.0 + 0.2f64.powi(2)) - 1.0).sqrt();
    assert!((Realised::of(&spread, 0.5).cv - together).abs() < 0.02);
}

#[test]
fn what_draws_cannot_have_is_refused_with_what_comes_nearest() {
    let refused = |profile: &Profile, cv, n| profile.draw((20.0, cv), 0.5, n, 1).unwrap_err().to_string();
    // n values have a CV below sqrt(n - 1).
    let message = refused(&Profile::new("x", GAMMA), 2.0, 4);
    assert!(message.starts_with("4 time constants of at least 0.5 ms under seed 1 have CV 1."), "{message}");
    let same = Profile::new("x", Kind::Empirical(vec![3.0, 3.0]));
    assert!(refused(&same, 0.5, 10).contains("have CV 0.0000"));
    let coarse = Profile { device: Device { quantum: 30.0, ..Device::default() }, ..Profile::new("x", Kind::Uniform) };
    assert!(refused(&coarse, 0.1, 10).contains("more or finer values"));
}

#[test]
fn levels_lie_where_the_draws_are() {
    let device = Device { levels: Some(3), ..Device::default() };
    let draws = vec![1.0, 1.2, 0.9, 10.0, 11.0, 100.0];
    assert_eq!(
        device.levelled(draws.clone()).iter().map(|x| x.round()).collect::<Vec<_>>(),
        [1.0, 1.0, 1.0, 11.0, 11.0, 100.0]
    );
    assert_eq!(Device { levels: Some(6), ..device }.levelled(draws.clone()), draws);
}

#[test]
fn the_values_of_a_file_are_dealt_evenly() {
    let values = vec![40.0, 4.0, 5.0, 9.0];
    let own = Moments::of(&values).cv();
    let taus = Profile::new("x", Kind::Empirical(values)).draw((14.5, own), 0.5, 12, 3).unwrap();
    for value in [4.0, 5.0, 9.0, 40.0] {
        assert_eq!(taus.iter().filter(|tau| (*tau - value).abs() < 1e-6).count(), 3, "{taus:?}");
    }
}
