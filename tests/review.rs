//! Tests of `nasaq review`: its page in a browser, and its HTTP interface.

mod accessible;
mod files;
mod gold;
mod http;
mod interface;
mod page;
mod pictures;
mod safety;
mod served;
mod speed;
