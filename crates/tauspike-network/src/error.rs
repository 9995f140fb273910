//! Everything that can be wrong with a network that a user describes.

use crate::describe::distribution::DistributionError;

/// Why a network cannot be built. `owner` names what the field belongs to, such as `population "E"`.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkError {
    /// A value outside what the field allows.
    #[error("{owner}: {field} = {value}, allowed: {allowed}")]
    Value {
        /// `population "E"`, `projection "E to I"`, `input "noise"` or `network`.
        owner: String,
        /// The field.
        field: &'static str,
        /// What was given.
        value: String,
        /// What would do.
        allowed: String,
    },
    /// One value of many is outside what the field allows.
    #[error("{owner}: {field}[{member}] = {value}, allowed: {allowed}")]
    Member {
        /// As in [`NetworkError::Value`].
        owner: String,
        /// The field.
        field: &'static str,
        /// Position of the value: in the population, or in the list that was given.
        member: usize,
        /// The value, given or drawn.
        value: f64,
        /// What would do.
        allowed: String,
    },
    /// A distribution that cannot exist.
    #[error("{owner}: {field}: {source}")]
    Distribution {
        /// As in [`NetworkError::Value`].
        owner: String,
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        source: DistributionError,
    },
    /// The network would not fit.
    #[error("network: predicted memory = {predicted} bytes, allowed: at most {limit} bytes")]
    Memory {
        /// Predicted size, bytes.
        predicted: u64,
        /// The limit given to the builder, bytes.
        limit: u64,
    },
    /// Two synapses join the same pair, and a matrix has one entry for them.
    #[error(
        "projection \"{projection}\": {count} synapses from {source_position} to {target_position}, \
         allowed: 1 per pair in a matrix (or ask for the sums)"
    )]
    Multapse {
        /// Name of the projection.
        projection: String,
        /// Position of the source in its population.
        source_position: u32,
        /// Position of the target in its population.
        target_position: u32,
        /// Number of synapses that join them.
        count: usize,
    },
}

impl NetworkError {
    pub(crate) fn value(
        owner: &str,
        field: &'static str,
        value: impl std::fmt::Display,
        allowed: impl Into<String>,
    ) -> Self {
        let written = value.to_string();
        // 1e300 and not three hundred digits
        let value = match written.parse::<f64>() {
            Ok(number) if written.len() > 20 => format!("{number:e}"),
            _ => written,
        };
        Self::Value { owner: owner.to_owned(), field, value, allowed: allowed.into() }
    }
}
