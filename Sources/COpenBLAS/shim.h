#include <cblas.h>

// Cholesky's factor of a symmetric matrix, from LAPACK, which the library has without a header for it.
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info);
