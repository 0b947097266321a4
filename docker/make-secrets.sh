#!/bin/sh
# Makes the secret files that docker-compose.yml wants, in ./secrets. What is there stays as it is.
set -eu
umask 077
mkdir -p secrets
echo '*' >secrets/.gitignore

# The folder is closed to others; the files are readable because containers run as another user.
keep() {
    [ -e "secrets/$1" ] && return
    printf '%s' "$2" >"secrets/$1"
    chmod 444 "secrets/$1"
    echo "secrets/$1"
}
random() { head -c "$1" /dev/urandom | base64 | tr -d '\n' | tr '+/' '-_'; }

keep data_keys "$(random 32)"
keep hash_key "$(random 33)"
keep nlu_secret "$(random 24)"
keep actions_secret "$(random 24)"
keep metrics_token "$(random 24)"
keep postgres_password "$(random 24)"
keep redis_password "$(random 24)"
keep database_url "postgresql://huiyin:$(cat secrets/postgres_password)@postgres/huiyin"
keep redis_url "redis://:$(cat secrets/redis_password)@redis:6379/0"

# From the platforms; an empty file means: not connected.
for name in wechat_app_secret wechat_token wechat_aes_keys \
    wecom_secret wecom_token wecom_aes_keys telegram_token \
    sms_key_secret smpp_password voice_key_secret; do
    [ -e "secrets/$name" ] && continue
    : >"secrets/$name"
    chmod 644 "secrets/$name"
    echo "secrets/$name  (empty: fill it in to connect the platform)"
done
keep telegram_secret "$(random 24)"
keep sms_callback_secret "$(random 24)"
keep voice_callback_secret "$(random 24)"
