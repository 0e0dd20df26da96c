/* Makes calls that cannot be used safely into errors. Included last by every source file. */
#ifndef AFTERSHOCK_BASE_BANNED_H
#define AFTERSHOCK_BASE_BANNED_H
#ifdef __GNUC__
/* Fortified headers may define these as macros, which cannot be poisoned. */
#undef sprintf
#undef vsprintf
#undef sscanf
#pragma GCC poison strcpy strcat sprintf vsprintf gets strtok atoi atof atol sscanf fscanf scanf system popen tmpnam \
    localtime gmtime rand srand
#endif
#endif
