//! What Python values say, as the values of a scenario.

use crate::arrays;
use crate::errors::{refused, wrong_type};
use numpy::{PyUntypedArray, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use tauspike_scenario::tree::{Node, Origin, Table, Value};

/// Tables in tables in tables: a scenario has four.
const DEEPEST: usize = 8;

/// The keys of a call, called `place` and their name. What is None is not given.
pub fn table(place: &str, keys: &Bound<'_, PyDict>) -> PyResult<Table> {
    table_at(place, keys, 0)
}

/// A number, text, list, table or array; `field` is how messages call it.
fn value(field: &str, given: &Bound<'_, PyAny>, depth: usize) -> PyResult<Value> {
    if depth > DEEPEST {
        return Err(refused(field, "lists in lists", format!("at most {DEEPEST} of them")));
    }
    if let Ok(flag) = given.cast::<PyBool>() {
        return Ok(Value::Flag(flag.is_true()));
    }
    if let Ok(integer) = given.cast::<PyInt>() {
        // Beyond i64: a number all the same, for a field to accept or refuse.
        return Ok(integer
            .extract()
            .map_or_else(|_| Value::Float(integer.extract().unwrap_or(f64::INFINITY)), Value::Integer));
    }
    if let Ok(float) = given.cast::<PyFloat>() {
        return Ok(Value::Float(float.extract()?));
    }
    if let Ok(text) = given.cast::<PyString>() {
        return Ok(Value::Text(text.extract()?));
    }
    if let Ok(array) = given.cast::<PyUntypedArray>() {
        return match array.ndim() {
            0 => value(field, &given.call_method0("item")?, depth + 1),
            _ => arrays::numbers(field, array).map(Value::Numbers),
        };
    }
    if let Ok(keys) = given.cast::<PyDict>() {
        return Ok(Value::Table(table_at(&format!("{field}."), keys, depth + 1)?));
    }
    if given.is_instance_of::<PyList>() || given.is_instance_of::<PyTuple>() {
        let items = given.try_iter()?.enumerate().map(|(k, item)| node(&format!("{field}[{k}]"), &item?, depth + 1));
        return Ok(Value::List(items.collect::<PyResult<_>>()?));
    }
    let kind = given.get_type().qualname()?;
    Err(wrong_type(field, format!("a value of type {kind}"), "a number, a text, a list, a dictionary or a NumPy array"))
}

fn node(field: &str, given: &Bound<'_, PyAny>, depth: usize) -> PyResult<Node> {
    Ok(Node { origin: Origin::Call, value: value(field, given, depth)? })
}

fn table_at(place: &str, keys: &Bound<'_, PyDict>, depth: usize) -> PyResult<Table> {
    let mut table = Table::new();
    for (key, given) in keys.iter().filter(|(_, given)| !given.is_none()) {
        let Ok(key) = key.extract::<String>() else {
            let kind = key.get_type().qualname()?;
            return Err(wrong_type(place, format!("a key of type {kind}"), "names as keys"));
        };
        let node = node(&format!("{place}{key}"), &given, depth)?;
        table.push((key, node));
    }
    Ok(table)
}
