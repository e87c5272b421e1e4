# keel_library(<name> SRCS <file>... [DEPS <keel target>...] [EXTERNAL <third-party target>...])
#
# A static library `keel_<name>`, alias `keel::<name>`, one per source folder. DEPS are PUBLIC and
# are the folders this one may include; scripts/check_layers.py holds the includes to them.
# EXTERNAL libraries are PRIVATE: no header of ours may include theirs. (Abseil's short vector, which
# base/ names Ints, is the exception.)
function(keel_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SRCS;DEPS;EXTERNAL")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_SRCS)
    message(FATAL_ERROR "keel_library(${name}): needs SRCS, does not know '${arg_UNPARSED_ARGUMENTS}'")
  endif()
  add_library(keel_${name} STATIC ${arg_SRCS})
  add_library(keel::${name} ALIAS keel_${name})
  target_include_directories(keel_${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
  target_compile_features(keel_${name} PUBLIC cxx_std_20)
  target_link_libraries(keel_${name} PUBLIC ${arg_DEPS} PRIVATE ${arg_EXTERNAL} keel::warnings)
endfunction()

# keel_test(<name> DEPS <target>... [EXTERNAL <third-party target>...])
#
# <name>_test.cpp of this folder as one ctest entry per TEST.
function(keel_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "DEPS;EXTERNAL")
  add_executable(${name}_test ${name}_test.cpp)
  target_link_libraries(${name}_test PRIVATE ${arg_DEPS} ${arg_EXTERNAL} keel::warnings
                        keel::test_places GTest::gtest_main)
  gtest_discover_tests(${name}_test DISCOVERY_TIMEOUT 60 NO_PRETTY_VALUES)
endfunction()
