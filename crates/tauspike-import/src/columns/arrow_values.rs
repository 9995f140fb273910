//! How each Arrow type becomes numbers: converted by its unit, or refused by name.

use crate::columns::column::{Column, Kind};
use crate::quantity::TimeUnit;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, DecimalType,
    DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType, DurationSecondType, Float16Type,
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, Time32MillisecondType, Time32SecondType,
    Time64MicrosecondType, Time64NanosecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, PrimitiveArray};
use arrow_schema::DataType;
use arrow_schema::TimeUnit as Unit;
use arrow_select::take::take;
use std::fmt::Display;

/// The row that is not allowed, from 0, and its value.
pub(crate) type Refused = (usize, String);

/// Checks that a column of this kind can be read from this type; the error is what is allowed.
pub(crate) fn check_type(kind: Kind, found: &DataType) -> Result<(), &'static str> {
    let fits = match found {
        DataType::Dictionary(_, values) => return check_type(kind, values),
        DataType::Timestamp(..) | DataType::Date32 | DataType::Date64 if kind.is_time() => {
            return Err(
                "a number of ms or a duration, from the begin of the simulation on: a date has no place on its clock",
            );
        }
        DataType::Duration(_) | DataType::Time32(_) | DataType::Time64(_) => kind.is_time(),
        DataType::Float16 => kind.takes_floats_up_to(1 << 11),
        DataType::Float32 => kind.takes_floats_up_to(1 << 24),
        found => found.is_integer() || found.is_decimal() || *found == DataType::Float64,
    };
    if fits { Ok(()) } else { Err(kind.allowed_types()) }
}

/// Appends all values; [`check_type`] has been passed.
pub(crate) fn append(column: &mut Column, values: &dyn Array) -> Result<(), Refused> {
    if let Some(row) = values.nulls().and_then(|nulls| nulls.iter().position(|valid| !valid)) {
        return Err((row, "null".into()));
    }
    match values.data_type() {
        DataType::Int8 => integers::<Int8Type>(column, values),
        DataType::Int16 => integers::<Int16Type>(column, values),
        DataType::Int32 => integers::<Int32Type>(column, values),
        DataType::Int64 => integers::<Int64Type>(column, values),
        DataType::UInt8 => integers::<UInt8Type>(column, values),
        DataType::UInt16 => integers::<UInt16Type>(column, values),
        DataType::UInt32 => integers::<UInt32Type>(column, values),
        DataType::UInt64 => integers::<UInt64Type>(column, values),
        DataType::Float16 => each::<Float16Type, _>(column, values, |c, value| c.push_real(value.to_f64())),
        DataType::Float32 => each::<Float32Type, _>(column, values, |c, value| c.push_real(f64::from(value))),
        DataType::Float64 => each::<Float64Type, _>(column, values, Column::push_real),
        DataType::Decimal32(_, scale) => decimals::<Decimal32Type>(column, values, *scale),
        DataType::Decimal64(_, scale) => decimals::<Decimal64Type>(column, values, *scale),
        DataType::Decimal128(_, scale) => decimals::<Decimal128Type>(column, values, *scale),
        DataType::Decimal256(_, scale) => decimals::<Decimal256Type>(column, values, *scale),
        DataType::Duration(Unit::Second) => durations::<DurationSecondType>(column, values, TimeUnit::S),
        DataType::Duration(Unit::Millisecond) => durations::<DurationMillisecondType>(column, values, TimeUnit::Ms),
        DataType::Duration(Unit::Microsecond) => durations::<DurationMicrosecondType>(column, values, TimeUnit::Us),
        DataType::Duration(Unit::Nanosecond) => durations::<DurationNanosecondType>(column, values, TimeUnit::Ns),
        DataType::Time32(Unit::Second) => durations::<Time32SecondType>(column, values, TimeUnit::S),
        DataType::Time32(Unit::Millisecond) => durations::<Time32MillisecondType>(column, values, TimeUnit::Ms),
        DataType::Time64(Unit::Microsecond) => durations::<Time64MicrosecondType>(column, values, TimeUnit::Us),
        DataType::Time64(Unit::Nanosecond) => durations::<Time64NanosecondType>(column, values, TimeUnit::Ns),
        DataType::Dictionary(..) => {
            let dictionary = values.as_any_dictionary();
            let decoded = take(dictionary.values(), dictionary.keys(), None).map_err(|error| (0, error.to_string()))?;
            append(column, &decoded)
        }
        // The schema said otherwise when the type was checked.
        other => Err((0, format!("a value of type {other}"))),
    }
}

fn integers<T: ArrowPrimitiveType<Native: Into<i128>>>(column: &mut Column, values: &dyn Array) -> Result<(), Refused> {
    each::<T, _>(column, values, |column, value| column.push_integer(value.into()))
}

fn durations<T: ArrowPrimitiveType<Native: Into<i64>>>(
    column: &mut Column,
    values: &dyn Array,
    unit: TimeUnit,
) -> Result<(), Refused> {
    let push = |column: &mut Column, value: T::Native| column.push_duration(value.into(), unit);
    each::<T, _>(column, values, push).map_err(|(row, value)| (row, format!("{value} {}", unit.name())))
}

/// As text, which is rounded once: dividing by a power of ten may round twice.
fn decimals<T: DecimalType>(column: &mut Column, values: &dyn Array, scale: i8) -> Result<(), Refused>
where
    T::Native: Display,
{
    let exponent = if scale == 0 { String::new() } else { format!("e{}", -i16::from(scale)) };
    let push = |column: &mut Column, value: T::Native| column.push_text(format!("{value}{exponent}").as_bytes());
    each::<T, _>(column, values, push).map_err(|(row, value)| (row, value + &exponent))
}

fn each<T: ArrowPrimitiveType, P: Fn(&mut Column, T::Native) -> bool>(
    column: &mut Column,
    values: &dyn Array,
    push: P,
) -> Result<(), Refused> {
    let values: &PrimitiveArray<T> = values.as_primitive();
    match values.values().iter().position(|&value| !push(column, value)) {
        Some(row) => Err((row, format!("{:?}", values.value(row)))),
        None => Ok(()),
    }
}
