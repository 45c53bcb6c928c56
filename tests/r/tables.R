# Reads a data package as a user of R does: runs the lines of the page, then reads every table, and writes as JSON what R
# saw: the answers of the page; and for each column its class, the levels of a factor, and the values.
# In the folder of a package: Rscript tables.R PAGE.R SEEN.json PACKAGE, its datapackage.json or the address of one.

options(warn = 2) # a warning is an error: nothing is guessed, dropped or repaired
arguments <- commandArgs(trailingOnly = TRUE)
page <- new.env()
source(arguments[1], local = page)

column <- function(values) {
  list(class = class(values)[1], levels = as.character(levels(values)), values = values)
}
package <- frictionless::read_package(arguments[3])
names <- vapply(package$resources, function(resource) resource$name, "")
tables <- lapply(names, function(name) {
  rows <- frictionless::read_resource(package, name)
  stopifnot(nrow(frictionless::problems(rows)) == 0)
  lapply(rows, column)
})
names(tables) <- names
answers <- lapply(Filter(is.table, mget(ls(page), envir = page)), as.list)
jsonlite::write_json(list(tables = tables, answers = answers), arguments[2], na = "null", digits = NA)
