//! Exchange with `sprs` matrices: row = source position, column = target position, value = weight.
//!
//! A matrix has one entry per pair and no delays, so [`Network::weight_matrix`] refuses multapses and
//! [`Network::summed_weight_matrix`] adds them.

use crate::describe::rule::SynapseList;
use crate::error::NetworkError;
use crate::table::network::Network;
use sprs::CsMat;

impl Network {
    /// The weights of a projection, compressed by row, mV or pA. A synapse of weight 0 is a stored 0.
    ///
    /// # Errors
    /// [`NetworkError::Multapse`] if two synapses join one pair.
    ///
    /// # Panics
    /// If there is no projection of this number.
    pub fn weight_matrix(&self, projection: usize) -> Result<CsMat<f64>, NetworkError> {
        let (matrix, multapse) = self.collect_matrix(projection);
        let Some((source_position, target_position, count)) = multapse else { return Ok(matrix) };
        let projection = self.projections[projection].name.clone();
        Err(NetworkError::Multapse { projection, source_position, target_position, count })
    }

    /// As [`Network::weight_matrix`], with the weights of synapses that join one pair added in canonical order.
    ///
    /// # Panics
    /// If there is no projection of this number.
    pub fn summed_weight_matrix(&self, projection: usize) -> CsMat<f64> {
        self.collect_matrix(projection).0
    }

    /// The summed matrix, and the first pair joined more than once with the number of its synapses.
    fn collect_matrix(&self, projection: usize) -> (CsMat<f64>, Option<(u32, u32, usize)>) {
        let source = &self.populations[self.projections[projection].source as usize];
        let target = &self.populations[self.projections[projection].target as usize];
        let (mut starts, mut columns, mut weights) = (vec![0usize], Vec::<usize>::new(), Vec::<f64>::new());
        let mut multapse: Option<(u32, u32, usize)> = None;
        for synapse in self.synapses_of(projection) {
            let (pre, post) = (synapse.source - source.first, synapse.target - target.first);
            starts.resize(pre as usize + 1, columns.len());
            if starts[pre as usize] < columns.len() && columns.last() == Some(&(post as usize)) {
                *weights.last_mut().expect("as many weights as columns") += synapse.weight;
                match &mut multapse {
                    None => multapse = Some((pre, post, 2)),
                    Some((a, b, count)) if (*a, *b) == (pre, post) => *count += 1,
                    Some(_) => {}
                }
            } else {
                columns.push(post as usize);
                weights.push(synapse.weight);
            }
        }
        starts.resize(source.size as usize + 1, columns.len());
        (CsMat::new((source.size as usize, target.size as usize), starts, columns, weights), multapse)
    }
}

impl SynapseList {
    /// One synapse per stored entry, stored zeros included: row = pre, column = post, value = weight. Delays are the
    /// projection's. Works for both storage orders.
    ///
    /// # Errors
    /// If the matrix has more than 2^32 rows or columns.
    pub fn from_csmat(matrix: &CsMat<f64>) -> Result<Self, NetworkError> {
        let position = |index: usize| {
            let allowed = "at most 2^32 rows and columns";
            u32::try_from(index)
                .map_err(|_| NetworkError::value("matrix", "shape", format!("{:?}", matrix.shape()), allowed))
        };
        let (mut pre, mut post, mut weights) = (Vec::new(), Vec::new(), Vec::new());
        for (weight, (row, column)) in matrix.iter() {
            pre.push(position(row)?);
            post.push(position(column)?);
            weights.push(*weight);
        }
        Ok(Self { pre, post, weight: Some(weights), delay: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BuildOptions, LifSpec, NetworkBuilder, ProjectionSpec, Rule};

    fn joined(list: SynapseList) -> Network {
        let mut builder = NetworkBuilder::new(1);
        let a = builder.population("a", 3, LifSpec::default());
        let b = builder.population("b", 4, LifSpec::default());
        builder.project(ProjectionSpec::new("a to b", (a, b), Rule::Explicit(list)).delay(1.0));
        builder.build(&BuildOptions::default()).unwrap()
    }

    fn list(entries: &[(u32, u32, f64)]) -> SynapseList {
        SynapseList {
            pre: entries.iter().map(|e| e.0).collect(),
            post: entries.iter().map(|e| e.1).collect(),
            weight: Some(entries.iter().map(|e| e.2).collect()),
            delay: None,
        }
    }

    #[test]
    fn a_matrix_comes_back_as_it_went_in() {
        // Row 1 is empty, so is the last column; one stored zero.
        let matrix = CsMat::new((3, 4), vec![0, 2, 2, 4], vec![0, 2, 1, 2], vec![0.1, 0.0, -0.3, 1e-9]);
        let network = joined(SynapseList::from_csmat(&matrix).unwrap());
        assert_eq!(network.weight_matrix(0).unwrap(), matrix);
        let by_column = joined(SynapseList::from_csmat(&matrix.to_csc()).unwrap());
        assert_eq!(by_column.weight_matrix(0).unwrap(), matrix);
    }

    #[test]
    fn an_empty_projection_is_an_empty_matrix() {
        assert_eq!(joined(list(&[])).weight_matrix(0).unwrap(), CsMat::zero((3, 4)));
    }

    #[test]
    fn multapses_are_refused_unless_summed() {
        let network = joined(list(&[(0, 1, 0.5), (2, 3, 1.0), (2, 3, 2.0), (2, 3, 4.0), (2, 0, 9.0)]));
        let message = network.weight_matrix(0).unwrap_err().to_string();
        assert!(message.contains("\"a to b\": 3 synapses from 2 to 3, allowed: 1"), "{message}");
        let summed = network.summed_weight_matrix(0);
        assert_eq!((summed.get(2, 3), summed.get(2, 0), summed.get(0, 1)), (Some(&7.0), Some(&9.0), Some(&0.5)));
        assert_eq!(summed.nnz(), 3);
    }
}
