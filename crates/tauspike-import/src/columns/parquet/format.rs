//! The fields of Parquet's footer and page headers, by their ids from 1: facts of
//! [parquet.thrift](https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift).

use super::thrift::Kind::{self, Any, Binary, Bool, Byte, Double, Int, List, Struct};

const EMPTY: Kind = Struct(&[]);
const STATISTICS: Kind = Struct(&[Binary, Binary, Int, Int, Binary, Binary, Bool, Bool]);

/// `PageHeader`.
pub(super) const PAGE_HEADER: &[Kind] = &[Int, Int, Int, Int, DATA_PAGE, EMPTY, DICTIONARY_PAGE, DATA_PAGE_V2];
const DATA_PAGE: Kind = Struct(&[Int, Int, Int, Int, STATISTICS]);
const DICTIONARY_PAGE: Kind = Struct(&[Int, Int, Bool]);
const DATA_PAGE_V2: Kind = Struct(&[Int, Int, Int, Int, Int, Int, Bool, STATISTICS]);

/// `FileMetaData`.
pub(super) const FOOTER: &[Kind] = &[
    Int,
    List(&SCHEMA_ELEMENT),
    Int,
    List(&ROW_GROUP),
    List(&KEY_VALUE),
    Binary,
    List(&Struct(&[EMPTY])),
    ENCRYPTION,
    Binary,
];
const SCHEMA_ELEMENT: Kind = Struct(&[Int, Int, Int, Binary, Int, Int, Int, Int, Int, LOGICAL_TYPE]);
const LOGICAL_TYPE: Kind = Struct(&[
    EMPTY,
    EMPTY,
    EMPTY,
    EMPTY,
    Struct(&[Int, Int]),
    EMPTY,
    TIME,
    TIME,
    Any,
    Struct(&[Byte, Bool]),
    EMPTY,
    EMPTY,
    EMPTY,
    EMPTY,
    EMPTY,
    Struct(&[Byte]),
    Struct(&[Binary]),
    Struct(&[Binary, Int]),
]);
const TIME: Kind = Struct(&[Bool, Struct(&[EMPTY, EMPTY, EMPTY])]);
const ROW_GROUP: Kind = Struct(&[List(&COLUMN_CHUNK), Int, Int, List(&SORTING_COLUMN), Int, Int, Int]);
const SORTING_COLUMN: Kind = Struct(&[Int, Bool, Bool]);
const COLUMN_CHUNK: Kind = Struct(&[Binary, Int, COLUMN, Int, Int, Int, Int, COLUMN_ENCRYPTION, Binary]);
const COLUMN: Kind = Struct(&[
    Int,
    List(&Int),
    List(&Binary),
    Int,
    Int,
    Int,
    Int,
    List(&KEY_VALUE),
    Int,
    Int,
    Int,
    STATISTICS,
    List(&Struct(&[Int, Int, Int])),
    Int,
    Int,
    Struct(&[Int, List(&Int), List(&Int)]),
    Struct(&[Struct(&[Double, Double, Double, Double, Double, Double, Double, Double]), List(&Int)]),
]);
const KEY_VALUE: Kind = Struct(&[Binary, Binary]);
const CIPHER: Kind = Struct(&[Binary, Binary, Bool]);
const ENCRYPTION: Kind = Struct(&[CIPHER, CIPHER]);
const COLUMN_ENCRYPTION: Kind = Struct(&[EMPTY, Struct(&[List(&Binary), Binary])]);
