//! Planted effects are found, absent ones are not, and what is not there is not tested.

use crate::synthetic::{self, Truth};
use tauspike_report::verdict::{Finding, judge};
use tauspike_report::{Study, Verdict};

/// The findings in all settings for each statement.
fn findings(truth: &Truth) -> Vec<Vec<Finding>> {
    let folder = tempfile::tempdir().unwrap();
    synthetic::write(folder.path(), truth);
    judge(&Study::read(folder.path()).unwrap()).into_iter().map(|statement| statement.findings).collect()
}

fn verdicts(truth: &Truth) -> Vec<Vec<Verdict>> {
    findings(truth).iter().map(|all| all.iter().map(|finding| finding.verdict).collect()).collect()
}

#[test]
fn planted_effects_are_supported() {
    for (at, all) in findings(&Truth::of_all()).iter().enumerate() {
        for finding in all {
            assert_eq!(finding.verdict, Verdict::Supported, "statement {}: {finding:#?}", at + 1);
        }
    }
}

#[test]
fn without_effects_nothing_is_supported() {
    for (at, all) in findings(&Truth::of_none()).iter().enumerate() {
        for finding in all {
            // Alignment is planted as a part of R^2 also here.
            let expected = at + 1 == 7 || [Verdict::NotSupported, Verdict::Contradicted].contains(&finding.verdict);
            assert!(expected, "statement {}: {finding:#?}", at + 1);
        }
    }
}

/// Both arms of size stand at 5 and at 20 ms, and the planted factor is told whichever is best for them.
#[test]
fn the_planted_factor_of_neurons_is_found() {
    let [li, ..] = &findings(&Truth::of_all())[2][..] else { panic!() };
    let factor = li.evidence[0].estimate;
    assert!((factor.value / 4.0 - 1.0).abs() < 0.1 && factor.high / factor.low < 2.0, "{factor:?}");
}

/// Operations are planted as N^2: a factor of 4 in neurons is one of 16 in operations.
#[test]
fn the_factor_of_cost_follows_the_cost_of_size() {
    let lif = &findings(&Truth::of_all())[3][1];
    let at = |label: &str| lif.evidence.iter().find(|item| item.label.contains(label)).unwrap().estimate.value;
    assert!((at("operations") - 16.0).abs() < 2.5, "{}", at("operations"));
    assert!((at("metabolic") - 8.0).abs() < 1.2, "{}", at("metabolic"));
}

/// A homogeneous network at a bad mean loses; at its own best it does not, and that is what decides.
#[test]
fn a_gain_at_the_same_mean_alone_is_a_part() {
    let truth = Truth { skewed_gain: 0.0, any_gain: 0.0, ..Truth::of_all() };
    assert_eq!(verdicts(&truth)[0], [Verdict::Partly; 3]);
}

#[test]
fn a_gain_that_all_profiles_have_is_not_one_of_skewness() {
    let truth = Truth { skewed_gain: 0.0, any_gain: 0.06, ..Truth::of_all() };
    let verdicts = verdicts(&truth);
    assert_eq!(verdicts[0], [Verdict::Supported; 3]);
    assert_eq!(verdicts[1], [Verdict::NotSupported; 3]);
}

#[test]
fn performance_and_gain_without_recurrence_are_told_apart() {
    // The gain goes, and with it the performance.
    assert_eq!(verdicts(&Truth { left: 0.0, ..Truth::of_all() })[5], [Verdict::Contradicted; 3]);
    // All lose the same: the gain stays.
    assert_eq!(verdicts(&Truth { recurrence: 0.1, ..Truth::of_all() })[5], [Verdict::Partly; 3]);
}

#[test]
fn a_gain_that_follows_dimensionality_is_not_one_of_alignment() {
    for verdict in &verdicts(&Truth { aligned: false, ..Truth::of_all() })[6] {
        assert_ne!(*verdict, Verdict::Supported);
    }
}

#[test]
fn tuning_to_every_task_may_beat_the_one_profile() {
    assert_eq!(verdicts(&Truth { tuned: 0.16, ..Truth::of_all() })[7], [Verdict::Partly; 3]);
}

#[test]
fn a_missing_experiment_is_not_tested_and_the_others_are() {
    let expected = [1, 2, 3, 4, 5, 7, 8];
    for (at, all) in verdicts(&Truth { experiments: vec!["mean", "size"], ..Truth::of_all() }).iter().enumerate() {
        let tested = expected.contains(&(at + 1));
        assert!(all.iter().all(|verdict| (*verdict != Verdict::NotTested) == tested), "statement {}: {all:?}", at + 1);
    }
}

/// Nothing stands in for an arm that is not named.
#[test]
fn without_a_reference_what_needs_one_is_not_tested() {
    for (at, all) in verdicts(&Truth { reference: false, ..Truth::of_all() }).iter().enumerate() {
        let tested = [1, 2, 7].contains(&(at + 1));
        assert!(all.iter().all(|verdict| (*verdict != Verdict::NotTested) == tested), "statement {}: {all:?}", at + 1);
    }
}

/// The same data with more comparisons about them: each needs to be surer.
#[test]
fn all_comparisons_are_one_family() {
    let p = |truth: &Truth| {
        let first = findings(truth)[0][0].evidence[0].test.unwrap();
        (first.p, first.p_holm)
    };
    let alone = p(&Truth { experiments: vec!["mean"], ..Truth::of_all() });
    let among = p(&Truth::of_all());
    assert!(alone.0 == among.0 && alone.1 < among.1, "{alone:?} {among:?}");
}

#[test]
fn one_seed_decides_nothing() {
    for all in verdicts(&Truth { seeds: 1, ..Truth::of_all() }) {
        assert_eq!(all, [Verdict::NotTested; 3]);
    }
}
