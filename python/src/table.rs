//! Tables of a run, shown to Python without a copy: whole by Arrow's PyCapsule interface, single columns as NumPy arrays.

use arrow::array::{Array, ArrayRef, AsArray, Float64Array};
use arrow::datatypes::{DataType, Float64Type, Int32Type, UInt32Type, UInt64Type};
use arrow::error::ArrowError;
use arrow::ffi::FFI_ArrowSchema;
use arrow::ffi_stream::FFI_ArrowArrayStream;
use arrow::record_batch::{RecordBatch, RecordBatchIterator};
use pyo3::exceptions::{PyKeyError, PyRuntimeError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict};
use std::sync::Arc;
use tauspike_record::{Digest, Populations};
use tauspike_spike::Spike;

/// A table of one batch. polars, pyarrow, duckdb and pandas read it where it is.
#[pyclass(frozen, module = "tauspike._native")]
pub struct Table {
    batch: RecordBatch,
    populations: Populations,
}

impl Table {
    pub fn new(batch: RecordBatch, populations: Populations) -> Self {
        Self { batch, populations }
    }

    fn array(&self, name: &str) -> PyResult<&ArrayRef> {
        self.batch.column_by_name(name).ok_or_else(|| PyKeyError::new_err(name.to_owned()))
    }
}

#[pymethods]
impl Table {
    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }

    /// Names of the columns.
    #[getter]
    fn columns(&self) -> Vec<String> {
        self.batch.schema().fields().iter().map(|field| field.name().clone()).collect()
    }

    /// Name, first neuron and size of each population.
    #[getter]
    fn populations(&self) -> Vec<(String, u32, u32)> {
        self.populations.ranges().iter().map(|range| (range.name.clone(), range.first, range.size)).collect()
    }

    /// Unit of a column, and what it is.
    fn described(&self, name: &str) -> PyResult<(String, String)> {
        let schema = self.batch.schema();
        let field = schema.field_with_name(name).map_err(|_| PyKeyError::new_err(name.to_owned()))?;
        let of = |key: &str| field.metadata().get(key).cloned().unwrap_or_default();
        Ok((of("unit"), of("description")))
    }

    /// A column. Of the populations it holds their positions in ``populations``; what is null is NaN.
    fn column(&self, name: &str) -> PyResult<Column> {
        let array = self.array(name)?;
        match array.data_type() {
            DataType::Dictionary(..) => Ok(Column(Arc::new(array.as_dictionary::<Int32Type>().keys().clone()))),
            DataType::Float64 if array.null_count() > 0 => {
                let values = array.as_primitive::<Float64Type>().iter().map(|value| value.unwrap_or(f64::NAN));
                Ok(Column(Arc::new(Float64Array::from_iter_values(values))))
            }
            DataType::UInt64 if array.null_count() > 0 => {
                let values = array.as_primitive::<UInt64Type>().iter();
                let values = values.map(|value| value.map_or(f64::NAN, |value| value as f64));
                Ok(Column(Arc::new(Float64Array::from_iter_values(values))))
            }
            _ => Ok(Column(array.clone())),
        }
    }

    /// The texts of a column; none if it has numbers.
    fn texts(&self, name: &str) -> PyResult<Option<Vec<String>>> {
        let texts = self.array(name)?.as_string_opt::<i32>();
        Ok(texts.map(|texts| texts.iter().map(|text| text.unwrap_or_default().to_owned()).collect()))
    }

    /// SHA-256 of the spikes in a table of them: that of a run of the program `tauspike` with the same spikes.
    fn digest(&self, py: Python<'_>) -> PyResult<String> {
        let (time, neuron) = (self.array("time_ms")?, self.array("neuron")?);
        let spikes =
            time.as_primitive::<Float64Type>().values().iter().zip(neuron.as_primitive::<UInt32Type>().values());
        py.detach(|| {
            let mut digest = Digest::new(self.populations.clone());
            for (&time, &source) in spikes {
                digest.add(Spike { time, source }).map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
            }
            Ok(digest.hex())
        })
    }

    /// Arrow's PyCapsule interface: names and types of the columns.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(self.batch.schema().as_ref()).map_err(arrow_error)?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }

    /// Arrow's PyCapsule interface: the one batch. A schema that is asked for is a wish, which the protocol allows not to grant.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        drop(requested_schema);
        let reader = RecordBatchIterator::new([Ok(self.batch.clone())], self.batch.schema());
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), c"arrow_array_stream")
    }
}

fn arrow_error(error: ArrowError) -> PyErr {
    PyRuntimeError::new_err(error.to_string())
}

/// A column of numbers, which `numpy.asarray` shows without a copy.
#[pyclass(frozen, module = "tauspike._native")]
pub struct Column(ArrayRef);

#[pymethods]
impl Column {
    fn __len__(&self) -> usize {
        self.0.len()
    }

    /// NumPy's array interface, version 3; read-only.
    #[getter]
    fn __array_interface__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let data = self.0.to_data();
        let width = data.data_type().primitive_width().unwrap_or(1);
        let kind = match data.data_type() {
            DataType::Float64 => 'f',
            DataType::Int32 => 'i',
            _ => 'u',
        };
        let order = if cfg!(target_endian = "little") { '<' } else { '>' };
        let first = data.buffers()[0].as_ptr() as usize + data.offset() * width;
        let interface = PyDict::new(py);
        interface.set_item("version", 3)?;
        interface.set_item("typestr", format!("{order}{kind}{width}"))?;
        interface.set_item("shape", (data.len(),))?;
        interface.set_item("data", (first, true))?;
        Ok(interface)
    }
}
