//! Statement 6: removing recurrence does not make the skewed network worse, and does not remove the gain.

use super::{Evidence, MARGIN, Outcome, SCORE};
use crate::arm::{self, Profile, RECURRENCE, Setting};
use crate::statistics::{Estimate, Scores, differences};
use crate::study::Study;

pub const CLAIM: &str = "Performance and gain do not need recurrence.";
pub const RULE: &str = "Each arm at its own best mean, with and without recurrent synapses (chosen for each seed on all other seeds): \
    (a) the reference without - with recurrence is above -0.01; (b) without recurrence, reference - homogeneous is above 0. Supported: \
    both. Partly: one.";

pub fn judge(study: &Study, setting: Setting) -> Outcome {
    let Some(reference) = &study.reference else { return Outcome::missing(RECURRENCE) };
    let networks = setting.networks(study, RECURRENCE);
    let degrees = arm::levels(networks.clone(), |network| network.at("in_degree"));
    let ([without, with], true) =
        ([0, 1].map(|at| degrees.get(at).copied().unwrap_or(f64::NAN)), degrees.first() == Some(&0.0))
    else {
        return Outcome::missing(RECURRENCE);
    };
    let best = |profile: &Profile, degree: f64| -> Scores {
        let there = profile.of(networks.clone()).filter(move |network| network.at("in_degree") == degree);
        arm::own_best(there, |network| network.score)
    };
    let homogeneous = Profile::homogeneous();
    let difference = |a: Scores, b: Scores| Estimate::of_mean(&differences(&a, &b));
    let performance = difference(best(reference, without), best(reference, with));
    let gain = |degree| difference(best(reference, degree), best(&homogeneous, degree));
    Outcome::new(
        format!("{} against homogeneous, {with} synapses per neuron or none", reference.label()),
        [
            Evidence::above("(a) reference: without - with recurrence", SCORE, performance, -MARGIN),
            Evidence::above("(b) without recurrence: reference - homogeneous", SCORE, gain(without), 0.0),
            Evidence::beside("with recurrence: reference - homogeneous", SCORE, gain(with)),
            Evidence::beside(
                "homogeneous: without - with recurrence",
                SCORE,
                difference(best(&homogeneous, without), best(&homogeneous, with)),
            ),
        ],
    )
}
