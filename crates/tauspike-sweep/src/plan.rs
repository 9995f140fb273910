//! Which runs are there? Every combination of the lists, with every point of the sample, with every seed; the last axis goes fastest, seeds
//! faster still.

use crate::spec::{Axis, Sample};
use tauspike_scenario::tree::Value;

/// One run.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// A value for each axis.
    pub values: Vec<Value>,
    /// Seed of the network.
    pub seed: u64,
}

/// What goes together: the positions of its axes, and how many values they have.
struct Dimension {
    axes: Vec<usize>,
    len: usize,
}

/// All runs.
pub(crate) fn of(axes: &[Axis], seeds: &[u64], sample: Option<&Sample>) -> Vec<Planned> {
    let dimensions = dimensions(axes, sample);
    let points: usize = dimensions.iter().map(|dimension| dimension.len).product();
    let mut plan = Vec::with_capacity(points.saturating_mul(seeds.len()));
    for point in 0..points {
        let mut values = vec![Value::Flag(false); axes.len()];
        let mut rest = point;
        for dimension in dimensions.iter().rev() {
            let k = rest % dimension.len;
            rest /= dimension.len;
            for &axis in &dimension.axes {
                values[axis] = axes[axis].value(axis, k, sample);
            }
        }
        plan.extend(seeds.iter().map(|&seed| Planned { values: values.clone(), seed }));
    }
    plan
}

/// In the order of their first axes.
fn dimensions(axes: &[Axis], sample: Option<&Sample>) -> Vec<Dimension> {
    let mut dimensions: Vec<(Option<&str>, bool, Dimension)> = Vec::new();
    for (k, axis) in axes.iter().enumerate() {
        let (zip, drawn) = (axis.zip.as_deref(), axis.values.listed().is_none());
        let together = dimensions.iter_mut().find(|(z, d, _)| (drawn && *d) || (zip.is_some() && *z == zip));
        match together {
            Some((_, _, dimension)) => dimension.axes.push(k),
            None => {
                dimensions.push((zip, drawn, Dimension { axes: vec![k], len: axis.len(sample) }));
            }
        }
    }
    dimensions.into_iter().map(|(_, _, dimension)| dimension).collect()
}

impl Planned {
    /// What is set in the scenario, as `--set` has it.
    pub fn sets<'a>(&'a self, axes: &'a [Axis]) -> impl Iterator<Item = String> + 'a {
        let set = |(axis, value): (&'a Axis, &'a Value)| {
            let value = axis.scaled(value).toml();
            axis.keys.iter().map(move |key| format!("{key}={value}"))
        };
        axes.iter().zip(&self.values).flat_map(set).chain([format!("seed={}", self.seed)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Values;

    fn axis(name: &str, values: &[i64], zip: Option<&str>) -> Axis {
        Axis {
            name: name.into(),
            keys: vec![format!("population.{name}.size")],
            factor: None,
            values: Values::Listed(values.iter().copied().map(Value::Integer).collect()),
            zip: zip.map(str::to_owned),
        }
    }

    #[test]
    fn lists_are_combined_and_zips_go_together() {
        let axes = [axis("a", &[1, 2], Some("z")), axis("b", &[7, 8, 9], None), axis("c", &[3, 4], Some("z"))];
        let plan = of(&axes, &[5, 6], None);
        let rows: Vec<String> = plan
            .iter()
            .map(|run| format!("{} {}", run.values.iter().map(Value::toml).collect::<Vec<_>>().join(" "), run.seed))
            .collect();
        assert_eq!(rows.len(), 12);
        assert_eq!(rows[..4], ["1 7 3 5", "1 7 3 6", "1 8 3 5", "1 8 3 6"]);
        assert_eq!(rows[11], "2 9 4 6");
        assert_eq!(of(&[], &[5], None).len(), 1, "seeds alone");
    }

    #[test]
    fn what_is_set_is_the_value_times_the_factor() {
        let mut axis = axis("a", &[2], None);
        axis.keys.push("projection.0.weight_mv".into());
        axis.factor = Some(-0.1);
        let plan = of(std::slice::from_ref(&axis), &[1], None);
        let sets: Vec<String> = plan[0].sets(std::slice::from_ref(&axis)).collect();
        assert_eq!(sets, ["population.a.size=-0.2", "projection.0.weight_mv=-0.2", "seed=1"]);
        axis.factor = Some(100.0);
        assert_eq!(axis.scaled(&Value::Integer(4)), Value::Integer(400));
    }
}
