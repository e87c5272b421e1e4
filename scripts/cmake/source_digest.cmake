# cmake -D FILES=<list> -D EXTRA=<text> -D OUTPUT=<header> -P source_digest.cmake
#
# Writes a header with the digest of what the files hold, and of EXTRA.
set(all "${EXTRA}")
foreach(file IN LISTS FILES)
  file(SHA256 ${file} digest)
  string(APPEND all " ${digest}")
endforeach()
string(SHA256 digest "${all}")
file(WRITE ${OUTPUT} "constexpr char kSourceDigest[] = \"${digest}\";\n")
