/// The functions, a list for each category.
package enum FunctionTable {}
